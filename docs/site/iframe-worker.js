// Pages that are opened as files may start no worker, and the search is one: there it runs in a hidden frame.
// Zensical would load such a script from elsewhere; the name of this file tells it that there is one.
if (location.protocol === "file:") {
  window.Worker = class {
    constructor(url) {
      this.frame = document.body.appendChild(document.createElement("iframe"));
      this.frame.hidden = true;
      const inner = this.frame.contentWindow;
      inner.postMessage = (data) => this.onmessage?.({ data: structuredClone(data) });
      const script = inner.document.createElement("script");
      this.ready = new Promise((done) => script.addEventListener("load", done));
      script.addEventListener("error", (event) => this.onerror?.(event));
      script.src = url;
      inner.document.body.append(script);
    }
    postMessage(data) {
      const copy = structuredClone(data); // as it is now, for the page goes on changing it
      this.ready.then(() => this.frame.contentWindow?.onmessage({ data: copy }));
    }
    terminate() {
      this.frame.remove();
    }
  };
}
