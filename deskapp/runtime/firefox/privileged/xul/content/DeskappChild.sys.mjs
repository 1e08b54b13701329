/** In the page's process: tells its window of loading, menus and fullscreen, and does what the window answers. */
export class DeskappChild extends JSWindowActorChild {
  handleEvent(event) {
    if (event.type === "contextmenu") {
      this.#askForMenu(event);
    } else if (event.type === "pageshow") {
      if (this.browsingContext.parent === null && this.document.documentURI !== "about:blank") {
        this.sendAsyncMessage("Page:Loaded");
      }
    } else if (event.type === "MozDOMFullscreen:Request") {
      this.sendAsyncMessage("Fullscreen:Request");
    } else if (event.type === "MozDOMFullscreen:Exit" || !this.document.fullscreenElement) {
      this.sendAsyncMessage("Fullscreen:Exit");
    }
  }

  receiveMessage(message) {
    const utils = this.contentWindow?.windowUtils;
    if (message.name === "Menu:Command") {
      this.docShell.doCommand(message.data.command);
    } else if (message.name === "Fullscreen:Entered") {
      if (!utils?.handleFullscreenRequests() && !this.document.fullscreenElement) {
        this.sendAsyncMessage("Fullscreen:Exit"); // the page thought better of it meanwhile
      }
    } else if (message.name === "Fullscreen:CleanUp" && this.document.fullscreenElement) {
      utils?.exitFullscreen();
    }
  }

  /** There is a menu where there is text to edit or to copy, unless the page has its own. */
  #askForMenu(event) {
    const target = event.composedTarget;
    const isField = /^(input|textarea)$/i.test(target.localName) && target.selectionStart !== null;
    const isEditable = (isField && !target.readOnly && !target.disabled) || target.isContentEditable === true;
    const hasSelection = isField
      ? target.selectionStart !== target.selectionEnd
      : !this.contentWindow.getSelection().isCollapsed;
    if (!event.defaultPrevented && (isEditable || hasSelection)) {
      event.preventDefault();
      const [x, y] = [event.screenX, event.screenY];
      this.sendAsyncMessage("Menu:Show", { isEditable, x, y });
    }
  }
}
