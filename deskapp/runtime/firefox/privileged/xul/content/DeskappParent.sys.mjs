/** In the window's process: the other end of DeskappChild. */
export class DeskappParent extends JSWindowActorParent {
  receiveMessage(message) {
    const page = this.browsingContext.top.embedderElement;
    const window = this.browsingContext.topChromeWindow;
    if (!page || !window?.deskapp) {
      return;
    }
    if (message.name === "Menu:Show") {
      window.deskapp.showMenu(this, message.data);
    } else if (message.name === "Page:Loaded") {
      window.deskapp.pageLoaded();
    } else if (message.name === "Fullscreen:Request") {
      window.windowUtils.remoteFrameFullscreenChanged(page);
    } else if (message.name === "Fullscreen:Exit") {
      if (window.document.fullscreenElement) {
        window.windowUtils.remoteFrameFullscreenReverted();
      }
    }
    if (message.name.startsWith("Fullscreen:")) {
      Services.obs.notifyObservers(window, "fullscreen-painted"); // nobody fades here
    }
  }
}
