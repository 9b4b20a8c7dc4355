const SVG = "http://www.w3.org/2000/svg";
/** Lines of 24 x 24 drawings. */
const ICONS = {
    yes: [
        "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18",
        "M8.6 9.6v.6M15.4 9.6v.6",
        "M7.8 14a4.9 4.9 0 0 0 8.4 0",
    ],
    no: [
        "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18",
        "M8.6 9.6v.6M15.4 9.6v.6",
        "M7.8 16.4a4.9 4.9 0 0 1 8.4 0",
    ],
    unsure: [
        "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18",
        "M8.6 9.6v.6M15.4 9.6v.6",
        "M8.4 15.2h7.2",
    ],
    bell: ["M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15z", "M10 21h4", "M12 5V3"],
    check: ["M4.5 12.5l5 5l10-11"],
    visitor: ["M12 4a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7", "M5 20.5a7 7 0 0 1 14 0"],
    hand: ["M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18", "M12 7.5v5.5", "M12 16.4v.2"],
    undo: ["M8 5L4 9l4 4", "M4.5 9H14a5.5 5.5 0 0 1 0 11h-3"],
    erase: ["M9 5.5h11v13H9L3.5 12z", "M12 9.5l5 5M17 9.5l-5 5"],
    close: ["M6 6l12 12M18 6L6 18"],
    storm: ["M12 4l9 16H3z", "M12 10v4.5M12 17.3v.2"],
    link: [
        "M9 15l6-6",
        "M11 6.5l1.5-1.5a4.2 4.2 0 0 1 6 6L17 12.5",
        "M13 17.5L11.5 19a4.2 4.2 0 0 1-6-6L7 11.5",
        "M4 4l16 16",
    ],
    wait: ["M12 3a9 9 0 1 0 9 9"],
};

/**
 * Build an element: `h("button.big", {type: "button"}, "text", child)`.
 *
 * @param {String} name tag and classes
 * @param {Object} attributes what is null or false is left out
 * @param {...(Node|String)} children what is empty is left out
 */
export function h(name, attributes = {}, ...children) {
    const [tag, ...classes] = name.split(".");
    const element = document.createElement(tag);
    element.classList.add(...classes);
    for (const [key, value] of Object.entries(attributes)) {
        if (value !== null && value !== undefined && value !== false) {
            element.setAttribute(key, value === true ? "" : value);
        }
    }
    element.append(...children.filter((child) => child || child === 0));
    return element;
}

export function icon(name) {
    const drawing = document.createElementNS(SVG, "svg");
    drawing.setAttribute("viewBox", "0 0 24 24");
    drawing.setAttribute("aria-hidden", "true");
    drawing.classList.add("icon", `icon-${name}`);
    for (const line of ICONS[name]) {
        const path = document.createElementNS(SVG, "path");
        path.setAttribute("d", line);
        drawing.append(path);
    }
    return drawing;
}

export function initials(name) {
    const parts = name.trim().split(/\s+/);
    return [parts[0], parts.length > 1 ? parts.at(-1) : ""]
        .map((part) => part.charAt(0).toUpperCase())
        .join("");
}
