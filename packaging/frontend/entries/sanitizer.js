import DOMPurify from "dompurify";

(window.deskapp.libraries ??= {}).sanitizer = DOMPurify;
