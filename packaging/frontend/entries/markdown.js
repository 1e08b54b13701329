import { Marked, marked } from "marked";

(window.deskapp.libraries ??= {}).markdown = { Marked, marked };
