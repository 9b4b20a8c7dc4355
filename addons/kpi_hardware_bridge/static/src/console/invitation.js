/** The chime: notes of a small bell, as [Hz, seconds from the beginning]. */
const BELL = [
    [659.25, 0],
    [783.99, 0.16],
    [1046.5, 0.32],
];

/** Calls the customer when the seller asks: a chime, a recorded sound, or a video. */
export class Invitation {
    constructor() {
        this._address = null;
        this._blob = null;
        // A browser makes no sound before the first touch of the page.
        window.addEventListener("pointerdown", () => this._wake(), {capture: true});
        window.addEventListener("keydown", () => this._wake(), {capture: true});
    }

    /** Fetch a recording in advance, so that it plays without a connection. */
    async prepare({kind, url}) {
        if (this._address === url) {
            return;
        }
        this._address = url;
        this._blob = null;
        // What is on another server is left to the browser.
        if (!url || !url.startsWith("/") || !["audio", "video"].includes(kind)) {
            return;
        }
        try {
            const response = await fetch(url, {credentials: "omit"});
            if (response.ok && this._address === url) {
                this._blob = URL.createObjectURL(await response.blob());
            }
        } catch {
            this._address = null;
        }
    }

    /**
     * @param {Object} invitation as in the settings
     * @param {Function} show called with a video element that wants to be seen
     */
    play({kind, url}, show) {
        this.stop();
        if (kind === "silent") {
            return;
        }
        if (kind === "chime" || (url.startsWith("/") && !this._blob)) {
            this._chime();
            return;
        }
        const media = document.createElement(kind);
        media.src = this._blob || url;
        media.playsInline = true;
        this._media = media;
        if (kind === "video") {
            show(media);
        }
        media.addEventListener("ended", () => this.stop());
        media.addEventListener("error", () => {
            if (this._media === media) {
                this.stop();
                this._chime();
            }
        });
        media.play().catch(() => {
            // Without a touch before: a video may be seen, but not heard.
            media.muted = true;
            media.play().catch(() => this.stop());
        });
    }

    stop() {
        if (this._media) {
            this._media.pause();
            this._media.dispatchEvent(new Event("close"));
            this._media = null;
        }
    }

    _wake() {
        const Context = window.AudioContext || window.webkitAudioContext;
        if (!this._context && Context) {
            this._context = new Context();
        }
        this._context?.resume().catch(() => undefined);
    }

    _chime() {
        if (this._context?.state !== "running") {
            return;
        }
        const begin = this._context.currentTime + 0.02;
        for (const [frequency, after] of BELL) {
            for (const [overtone, loudness] of [
                [1, 0.22],
                [2.76, 0.05],
            ]) {
                const note = this._context.createOscillator();
                const volume = this._context.createGain();
                note.frequency.value = frequency * overtone;
                volume.gain.setValueAtTime(0.0001, begin + after);
                volume.gain.exponentialRampToValueAtTime(
                    loudness,
                    begin + after + 0.01
                );
                volume.gain.exponentialRampToValueAtTime(
                    0.0001,
                    begin + after + 1.4 / overtone
                );
                note.connect(volume).connect(this._context.destination);
                note.start(begin + after);
                note.stop(begin + after + 1.5);
            }
        }
    }
}
