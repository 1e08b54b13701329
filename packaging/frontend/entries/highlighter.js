import hljs from "highlight.js/lib/common";

(window.deskapp.libraries ??= {}).highlighter = hljs;
