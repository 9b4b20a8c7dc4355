/**
 * Build an element: `h("button.big", {type: "button"}, "text", child)`.
 *
 * @param {String} name tag and classes
 * @param {Object} attributes what is null or false is left out; functions are listeners
 * @param {...(Node|String)} children what is empty is left out
 */
export function h(name, attributes = {}, ...children) {
    const [tag, ...classes] = name.split(".");
    const element = document.createElement(tag);
    element.classList.add(...classes);
    for (const [key, value] of Object.entries(attributes)) {
        if (typeof value === "function") {
            element.addEventListener(key, value);
        } else if (value !== null && value !== undefined && value !== false) {
            element.setAttribute(key, value === true ? "" : value);
        }
    }
    element.append(...children.flat().filter((child) => child || child === 0));
    return element;
}

export function button(name, words, click, attributes = {}) {
    return h(`button.${name}`, {type: "button", click, ...attributes}, words);
}

/** Letters that are the same to whoever searches. */
export function plain(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether all the words that somebody typed are in the text. */
export function isFound(text, query) {
    const searched = plain(text);
    return plain(query)
        .split(/\s+/)
        .every((word) => searched.includes(word));
}
