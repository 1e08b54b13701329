/** alert, confirm, prompt and passwords: opens the toolkit's own dialog above the window, and waits for it. */

const lazy = {};
ChromeUtils.defineESModuleGetters(lazy, { PromptUtils: "resource://gre/modules/PromptUtils.sys.mjs" });

const DIALOG = "chrome://global/content/commonDialog.xhtml";
const LIST_DIALOG = "chrome://global/content/selectDialog.xhtml";

export class PromptParent extends JSWindowActorParent {
  receiveMessage(message) {
    return message.name === "Prompt:Open" ? this.#open(message.data) : undefined;
  }

  async #open(args) {
    const page = this.browsingContext.top.embedderElement;
    const window = this.browsingContext.topChromeWindow ?? null;
    args.modalType = Services.prompt.MODAL_TYPE_WINDOW;
    if (window !== null) {
      args.title = window.document.title; // the application speaks, not an address
      args.useTitle = true;
    }
    const bag = lazy.PromptUtils.objectToPropBag(args);
    page?.enterModalState();
    try {
      const dialog = args.promptType === "select" ? LIST_DIALOG : DIALOG;
      Services.ww.openWindow(window, dialog, "_blank", "centerscreen,chrome,modal,titlebar", bag);
    } finally {
      page?.maybeLeaveModalState();
    }
    lazy.PromptUtils.propBagToObject(bag, args);
    return args;
  }
}
