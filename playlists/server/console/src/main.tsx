import { render } from "preact";
import { App } from "./app";
import { language } from "./language";

document.documentElement.lang = language;

const root = document.getElementById("app");
if (root) {
    root.replaceChildren();
    render(<App />, root);
}
