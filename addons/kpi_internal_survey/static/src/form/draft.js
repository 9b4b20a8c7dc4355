import {mark} from "./code";

const PREFIX = "kpi_survey:";

/** What somebody has answered so far: on this device, and nowhere else. */
export class Draft {
    constructor(token, code) {
        this.key = `${PREFIX}${token}:${mark(code)}`;
        this.isSafe = true;
        this.clear();
        this._load();
    }

    /** Also tells other pages of this device that nothing is left. */
    forget() {
        this.clear();
        try {
            localStorage.removeItem(this.key);
        } catch {
            // It was not kept either.
        }
    }

    clear() {
        this.at = "welcome";
        // By unit: {marks: {criterion: mark}, comment}
        this.ratings = {};
        this.votes = [];
        // Somebody pressed "send", and the server has not answered yet.
        this.isWaiting = false;
    }

    get isEmpty() {
        return !this.votes.length && !this.rated().length;
    }

    rating(unit) {
        return this.ratings[unit.id] || {marks: {}, comment: ""};
    }

    /** Ids of the units about which something is said. */
    rated() {
        return Object.keys(this.ratings).map(Number);
    }

    setMark(unit, criterion, value) {
        const rating = this.rating(unit);
        if (value) {
            rating.marks[criterion.id] = value;
        } else {
            delete rating.marks[criterion.id];
        }
        this._set(unit, rating);
    }

    setComment(unit, comment) {
        this._set(unit, {...this.rating(unit), comment});
    }

    remove(unit) {
        delete this.ratings[unit.id];
        this.save();
    }

    _set(unit, rating) {
        if (Object.keys(rating.marks).length || rating.comment.trim()) {
            this.ratings[unit.id] = rating;
        } else {
            delete this.ratings[unit.id];
        }
        this.save();
    }

    /** Leave out what the form does not have any more. */
    fit(form) {
        const criteria = form.groups.flatMap((group) => group.criteria);
        const known = new Set(criteria.map((criterion) => String(criterion.id)));
        const units = new Set([form.unit.id, ...form.units.map((unit) => unit.id)]);
        const colleagues = new Set(form.colleagues.map((colleague) => colleague.id));
        for (const [unit, rating] of Object.entries(this.ratings)) {
            if (!units.has(Number(unit))) {
                delete this.ratings[unit];
                continue;
            }
            for (const criterion of Object.keys(rating.marks)) {
                if (!known.has(criterion)) {
                    delete rating.marks[criterion];
                }
            }
        }
        this.votes = this.votes.filter((id) => colleagues.has(id)).slice(0, form.votes);
    }

    /** What is sent. */
    answer() {
        const ratings = Object.entries(this.ratings).map(([unit, rating]) => ({
            unit: Number(unit),
            marks: rating.marks,
            comment: rating.comment.trim(),
        }));
        return {ratings, votes: this.votes};
    }

    save() {
        const {at, ratings, votes, isWaiting} = this;
        try {
            localStorage.setItem(
                this.key,
                JSON.stringify({at, ratings, votes, isWaiting})
            );
            this.isSafe = true;
        } catch {
            this.isSafe = false;
        }
    }

    _load() {
        try {
            const kept = JSON.parse(localStorage.getItem(this.key) || "{}");
            Object.assign(this, kept);
        } catch {
            this.isSafe = false;
        }
    }
}
