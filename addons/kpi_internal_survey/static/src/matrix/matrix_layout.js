/* The matrix of who rates whom: rows, columns, and what one cell says. Pure. */
import {normalize} from "@web/core/l10n/utils";

const NO_FIGURE = {state: "none", score: null, people: null, sign: ""};
/** Rater units too small to be told apart are one row. */
const OTHERS = 0;
const KINDS = {head_office: 0, regional: 1};

export class MatrixLayout {
    /**
     * @param {Object} board `units` and `cells` as the server gives them
     * @param {String} othersName how the row of small units is called
     */
    constructor({units, cells}, othersName) {
        this.cells = new Map();
        this.margins = {row: new Map(), column: new Map()};
        this.total = NO_FIGURE;
        this.signs = [];
        const raters = new Set();
        const rated = new Set();
        for (const [kind, from, to, score, people, state, sign] of cells) {
            const figure = {state, score, people, sign};
            if (kind === "cell" || kind === "own") {
                const rater = kind === "own" ? from || to : from;
                const target = kind === "own" ? rater : to;
                this.cells.set(this.key(rater, target), figure);
                raters.add(rater);
                if (sign) {
                    this.signs.push([rater, target]);
                }
                if (kind === "cell") {
                    rated.add(target);
                }
            } else if (kind === "row") {
                this.margins.row.set(from, figure);
            } else if (kind === "column") {
                this.margins.column.set(to, figure);
                rated.add(to);
            } else {
                this.total = figure;
            }
        }
        const ordered = [...units].sort(
            (first, second) => KINDS[first.kind] - KINDS[second.kind]
        );
        this.units = new Map(units.map((unit) => [unit.id, unit]));
        this.rows = ordered.filter(({id}) => raters.has(id));
        this.columns = ordered.filter(({id}) => rated.has(id));
        if (raters.has(OTHERS)) {
            const others = {id: OTHERS, name: othersName, kind: "", tags: []};
            this.units.set(OTHERS, others);
            this.rows.push(others);
        }
    }

    key(rater, rated) {
        return `${rater}-${rated}`;
    }

    figure(rater, rated) {
        return this.cells.get(this.key(rater, rated)) || NO_FIGURE;
    }

    row(rater) {
        return this.margins.row.get(rater) || NO_FIGURE;
    }

    column(rated) {
        return this.margins.column.get(rated) || NO_FIGURE;
    }

    /** All that is to be said of one cell, the other direction too. */
    pair(rater, rated) {
        return {
            rater: this.units.get(rater),
            rated: this.units.get(rated),
            isOwn: rater === rated,
            figure: this.figure(rater, rated),
            back: this.figure(rated, rater),
            row: this.row(rater),
            column: this.column(rated),
        };
    }

    /** Cells with a sign, the lowest first; a mutual one stands there once. */
    signed(sign) {
        return this.signs
            .filter(
                ([rater, rated]) =>
                    this.figure(rater, rated).sign === sign &&
                    (sign !== "praise" || rater < rated)
            )
            .map(([rater, rated]) => this.pair(rater, rated))
            .sort((first, second) => first.figure.score - second.figure.score);
    }

    /** How far a cell is from what the rated unit gets on the whole. */
    difference(rater, rated) {
        const {score} = this.figure(rater, rated);
        const {score: mean} = this.column(rated);
        return score === null || mean === null ? null : score - mean;
    }
}

/**
 * Hide units on screen; margins stay those of the whole.
 *
 * @param {Object[]} units
 * @param {Object} filter `group`: "" for all, "kind:…" or "tag:…", and `text`
 * @returns {Object[]}
 */
export function filterUnits(units, {group, text}) {
    const [what, value] = group.split(":");
    const searched = normalize(text.trim());
    return units.filter(
        ({name, kind, tags}) =>
            (what !== "kind" || kind === value) &&
            (what !== "tag" || tags.includes(Number(value))) &&
            (!searched || normalize(name).includes(searched))
    );
}

/**
 * Where an arrow or the like leads to.
 *
 * @param {String} key of the keyboard
 * @param {Number[]} place row and column
 * @param {Number[]} size rows and columns
 * @returns {Number[]|null} null for another key
 */
export function movedBy(key, [row, column], [rows, columns]) {
    const places = {
        ArrowUp: [row - 1, column],
        ArrowDown: [row + 1, column],
        ArrowLeft: [row, column - 1],
        ArrowRight: [row, column + 1],
        PageUp: [row - 10, column],
        PageDown: [row + 10, column],
        Home: [row, 0],
        End: [row, columns - 1],
    };
    if (!(key in places)) {
        return null;
    }
    const clamp = (value, count) => Math.max(0, Math.min(count - 1, value));
    return [clamp(places[key][0], rows), clamp(places[key][1], columns)];
}

/** What is legible in so many columns. */
export function usualZoom(columns) {
    return columns > 40 ? "small" : columns > 14 ? "medium" : "large";
}

const SHORT = 20;

/**
 * A name for a narrow place: what tells units apart stands at its end mostly, so the
 * first long words are shortened, one after the other, until it fits.
 *
 * @param {String} name
 * @returns {String}
 */
export function shortName(name) {
    const words = name.split(" ");
    for (
        let index = 0;
        words.join(" ").length > SHORT && index < words.length;
        index++
    ) {
        if (words[index].length > 5) {
            words[index] = `${words[index].slice(0, 4)}.`;
        }
    }
    return words.join(" ");
}
