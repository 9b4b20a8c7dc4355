/** A counted visitor can be taken back for so many ms, and is sent after that. */
const UNDO = 5000;

/** How many were counted today on this device, and what can still be taken back. */
export class Counter {
    constructor(app) {
        this.app = app;
        this._undo = [];
    }

    today() {
        const {day, count} = this.app.memory;
        return day === this._day() ? count : 0;
    }

    add(change) {
        const count = Math.max(0, this.today() + change);
        Object.assign(this.app.memory, {day: this._day(), count});
    }

    /** Not before then a press that is made now may be sent. */
    readyAt() {
        return Date.now() + UNDO;
    }

    offerUndo(counted) {
        this._undo.push(counted);
        this._show();
        setTimeout(() => this._show(), counted.ready - Date.now() + 50);
    }

    /** Only what is still here can be taken back: what was sent, is so for good. */
    async undo() {
        const {app} = this;
        this._show();
        const last = this._undo.pop();
        this._show();
        if (!last || app.sender.isInFlight(last.seq)) {
            return;
        }
        await app.store.remove([last.seq]);
        this.add(-1);
        app.remember();
        app.overlay.toast(app.say("undone"));
        app.draw();
        app.sender.measure();
    }

    _show() {
        const now = Date.now();
        this._undo = this._undo.filter(({ready}) => ready > now);
        document.body.classList.toggle("can-undo", this._undo.length > 0);
    }

    _day() {
        return new Date().toDateString();
    }
}
