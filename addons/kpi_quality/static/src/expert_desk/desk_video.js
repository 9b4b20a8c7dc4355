import {Component, useEffect, useRef, useState} from "@odoo/owl";

const STEP = 5;

/** The clip of one item; the next item's is loaded behind the scenes. */
export class DeskVideo extends Component {
    static template = "kpi_quality.DeskVideo";
    static props = {
        video: Object,
        isShown: Boolean,
        bus: Object,
    };

    setup() {
        this.ref = useRef("video");
        this.state = useState({isBroken: false});
        useEffect(
            (isShown) => {
                if (isShown) {
                    this.start();
                }
                const obey = ({detail}) => isShown && this[detail]?.();
                this.props.bus.addEventListener("video", obey);
                return () => this.props.bus.removeEventListener("video", obey);
            },
            () => [this.props.isShown]
        );
    }

    get player() {
        return this.ref.el;
    }

    start() {
        if (this.player) {
            this.player.muted = false;
            this.player.currentTime = 0;
            this.run();
        }
    }

    /** Before the first click or key a browser plays without sound only. */
    async run() {
        try {
            await this.player.play();
        } catch (error) {
            if (error.name === "NotAllowedError" && !this.player.muted) {
                this.player.muted = true;
                await this.run();
            }
        }
    }

    // ---------------------------------------------------------------- commands
    play() {
        if (!this.player) {
            return;
        }
        if (this.player.paused) {
            this.run();
        } else {
            this.player.pause();
        }
    }

    rewind() {
        this.seek((this.player?.currentTime || 0) - STEP);
    }

    forward() {
        this.seek((this.player?.currentTime || 0) + STEP);
    }

    /** To the press itself. */
    press() {
        this.seek(this.props.video.before || 0);
    }

    seek(seconds) {
        if (this.player) {
            const end = this.player.duration || Infinity;
            this.player.currentTime = Math.min(end, Math.max(0, seconds));
        }
    }

    archive() {
        this.openArchive();
    }

    openArchive() {
        if (this.props.video.archive) {
            window.open(this.props.video.archive, "_blank", "noopener");
        }
    }
}
