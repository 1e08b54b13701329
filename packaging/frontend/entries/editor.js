import { css } from "@codemirror/lang-css";
import { html } from "@codemirror/lang-html";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { markdown } from "@codemirror/lang-markdown";
import { python } from "@codemirror/lang-python";
import { sql } from "@codemirror/lang-sql";
import { xml } from "@codemirror/lang-xml";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import { oneDarkHighlightStyle, oneDarkTheme } from "@codemirror/theme-one-dark";
import { EditorView } from "@codemirror/view";
import { basicSetup } from "codemirror";

/** Languages by name; a mode that is none of them has no colours. */
const LANGUAGES = new Map([
  ["css", css],
  ["html", html],
  ["javascript", () => javascript({ jsx: true })],
  ["json", json],
  ["markdown", markdown],
  ["python", python],
  ["sql", sql],
  ["typescript", () => javascript({ typescript: true })],
  ["xml", xml],
  ["yaml", yaml],
]);

/** What others call them. */
const ALIASES = new Map([
  ["htmlmixed", "html"],
  ["js", "javascript"],
  ["jsx", "javascript"],
  ["md", "markdown"],
  ["py", "python"],
  ["ts", "typescript"],
  ["yml", "yaml"],
]);

/** A text that the program sets is not told back to it. */
const isOurs = Annotation.define();

/** Colours of One Dark whose contrast is below 4.5 to 1, which WCAG 2.2 asks for, and lighter ones of the same hue. */
const LIGHTER = new Map([
  ["#7d8799", "#98a2b3"],
  ["#e06c75", "#e8828a"],
]);

const DARK = [
  EditorView.theme({ ".cm-gutters": { color: LIGHTER.get("#7d8799") } }, { dark: true }),
  oneDarkTheme,
  syntaxHighlighting(
    HighlightStyle.define(
      oneDarkHighlightStyle.specs.map((spec) => ({ ...spec, ...(spec.color && { color: LIGHTER.get(spec.color) ?? spec.color }) })),
    ),
  ),
];

/**
 * A code editor.
 *
 * @param {object} options
 * @param {Element} options.parent - Where it is appended.
 * @param {string} [options.text]
 * @param {string} [options.mode] - The language, in any case: `"python"`, `"html"`, …; none of ours means plain text.
 * @param {boolean} [options.isDark]
 * @param {boolean} [options.isReadOnly]
 * @param {string} [options.nonce] - Of the page's policy, for the editor's style elements.
 * @param {(text: string) => void} [options.onChange] - Called when the person has changed the text.
 * @param {string} [options.label] - What assistive technology calls it.
 * @returns {{text(): string, setText(text: string): void, setReadOnly(isReadOnly: boolean): void,
 *   setDark(isDark: boolean): void, focus(): void, destroy(): void}}
 */
function makeEditor({ parent, text = "", mode = "", isDark = false, isReadOnly = false, nonce = "", onChange, label }) {
  const writing = new Compartment();
  const look = new Compartment();
  const name = mode.toLowerCase();
  const language = LANGUAGES.get(ALIASES.get(name) ?? name);
  const writable = (isReadOnly) => [
    EditorState.readOnly.of(isReadOnly),
    EditorView.contentAttributes.of(isReadOnly ? { "aria-readonly": "true" } : {}),
  ];
  const view = new EditorView({
    parent,
    doc: text,
    extensions: [
      nonce ? EditorView.cspNonce.of(nonce) : [],
      look.of(isDark ? DARK : []),
      basicSetup,
      language === undefined ? [] : language(),
      writing.of(writable(isReadOnly)),
      label ? EditorView.contentAttributes.of({ "aria-label": label }) : [],
      EditorView.updateListener.of((update) => {
        if (onChange && update.docChanged && !update.transactions.some((each) => each.annotation(isOurs))) {
          onChange(update.state.doc.toString());
        }
      }),
    ],
  });
  return {
    text: () => view.state.doc.toString(),
    setText(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, annotations: isOurs.of(true) });
    },
    setReadOnly: (isReadOnly) => view.dispatch({ effects: writing.reconfigure(writable(isReadOnly)) }),
    setDark: (isDark) => view.dispatch({ effects: look.reconfigure(isDark ? DARK : []) }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

(window.deskapp.libraries ??= {}).editor = makeEditor;
