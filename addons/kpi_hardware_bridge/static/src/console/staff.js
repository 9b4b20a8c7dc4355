import {h, icon, initials} from "./dom";
import {isPressing} from "./press";
import {sellerButton} from "./screens";

const MOST_DIGITS = 16;
const IDLE = 45000;

/** Log in and out by PIN; how the device is. Closes by itself. */
class StaffSheet {
    constructor(app) {
        this.app = app;
        this.digits = "";
        this.problem = "";
        this.isBusy = false;
    }

    show() {
        this.dialog = h("dialog.sheet", {
            "aria-label": this.app.say("staff"),
            tabindex: "-1",
        });
        this.dialog.addEventListener("close", () => this._closed());
        this.dialog.addEventListener("keydown", (ev) => this._key(ev));
        this.dialog.addEventListener("click", (ev) => {
            if (ev.target === this.dialog) {
                this.dialog.close();
            }
        });
        document.body.append(this.dialog);
        this.draw();
        this.dialog.showModal();
        this._wait();
        this.app.sheet = this;
    }

    draw() {
        const {app} = this;
        const isOnline = app.sender.state === "online";
        const focused = document.activeElement?.dataset.action;
        this.dialog.replaceChildren(
            h(
                "div.sheet-page",
                {},
                h(
                    "header",
                    {},
                    h(
                        "div",
                        {},
                        h("h2", {}, app.settings.seller || app.say("nobody")),
                        h("p", {}, `${app.settings.point} · ${app.settings.site}`)
                    ),
                    this._button("close", [icon("close")], () => this.dialog.close())
                ),
                isOnline
                    ? this._pad()
                    : h("p.sheet-problem", {role: "alert"}, app.say("pin_offline")),
                h(
                    "footer",
                    {},
                    h("p.sheet-state", {"data-state": app.sender.state}, app.health()),
                    h("div.sheet-actions", {}, ...this._actions(isOnline))
                )
            )
        );
        const again = this.dialog.querySelector(`[data-action="${focused}"]`);
        (again || this.dialog).focus();
    }

    _pad() {
        const {app} = this;
        const digit = (number) =>
            this._button(`digit-${number}`, [String(number)], () => this._add(number));
        return h(
            "div.pad",
            {},
            h("p.pad-title", {}, app.say(this.isBusy ? "pin_wait" : "pin")),
            h(
                "p.pad-dots",
                {"aria-label": String(this.digits.length)},
                "•".repeat(this.digits.length) || " "
            ),
            h("p.sheet-problem", {role: "alert"}, this.problem || " "),
            h(
                "div.pad-keys",
                {},
                ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(digit),
                this._button(
                    "erase",
                    [icon("erase")],
                    () => {
                        this.digits = this.digits.slice(0, -1);
                        this.draw();
                    },
                    app.say("pin_clear")
                ),
                digit(0),
                this._button(
                    "login",
                    [icon("check")],
                    () => this._login(),
                    app.say("log_in")
                )
            )
        );
    }

    _actions(isOnline) {
        const {app} = this;
        const actions = [];
        if (app.settings.seller && isOnline) {
            actions.push(
                this._button("logout", [app.say("log_out")], () => this._logout())
            );
        }
        if (app.installer) {
            actions.push(
                this._button("install", [app.say("install")], () =>
                    app.installer.prompt()
                )
            );
        }
        if (document.fullscreenEnabled) {
            actions.push(
                this._button("fullscreen", [app.say("fullscreen")], () =>
                    document.fullscreenElement
                        ? document.exitFullscreen()
                        : document.documentElement.requestFullscreen()
                )
            );
        }
        return actions;
    }

    _button(action, children, onClick, label = null) {
        const button = h(
            "button",
            {type: "button", "data-action": action, "aria-label": label},
            ...children
        );
        button.disabled = this.isBusy;
        button.addEventListener("click", () => {
            this._wait();
            onClick();
        });
        return button;
    }

    _add(number) {
        if (this.digits.length < MOST_DIGITS && !this.isBusy) {
            this.digits += number;
            this.problem = "";
            this.draw();
        }
    }

    _key(ev) {
        if (/^\d$/.test(ev.key)) {
            this._add(ev.key);
        } else if (ev.key === "Backspace") {
            this.digits = this.digits.slice(0, -1);
            this.draw();
        } else if (ev.key === "Enter" && this.digits) {
            ev.preventDefault();
            this._login();
        }
    }

    async _login() {
        if (!this.digits || this.isBusy) {
            return;
        }
        const pin = this.digits;
        this.digits = "";
        const reply = await this._ask(pin);
        if (reply && !reply.problem) {
            this.dialog.close();
            this.app.overlay.toast(this.app.say("welcome", reply.settings.seller));
        }
    }

    async _logout() {
        const name = this.app.settings.seller;
        const reply = await this._ask(null);
        if (reply) {
            this.dialog.close();
            this.app.overlay.toast(this.app.say("logged_out", name));
        }
    }

    async _ask(pin) {
        this.isBusy = true;
        this.draw();
        let reply = null;
        try {
            reply = await this.app.sender.post("login", {pin, lang: this.app.lang});
            this.problem = reply.problem || "";
        } catch {
            this.problem = this.app.say("pin_failed");
        }
        this.isBusy = false;
        this.draw();
        return reply;
    }

    /** A forgotten sheet must not stand between the customer and the question. */
    _wait() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.dialog.close(), IDLE);
    }

    _closed() {
        clearTimeout(this.timer);
        this.app.sheet = null;
        this.dialog.remove();
        if (!isPressing()) {
            this.app.draw();
        }
    }
}

function forceMajeure(app) {
    const begun = app.forceMajeure();
    if (!begun || !["three_button", "seller_button"].includes(app.settings.mode)) {
        return null;
    }
    const time = new Date(begun.since).toLocaleTimeString(app.tag(), {
        hour: "2-digit",
        minute: "2-digit",
    });
    const over = h(
        "button.storm-over",
        {type: "button", "data-button": "over"},
        app.say("over")
    );
    over.addEventListener("click", () => app.press("over", app.clock.now(), 0));
    return h(
        "div.storm",
        {role: "status"},
        icon("storm"),
        h(
            "span.storm-words",
            {},
            h("b", {}, app.say("force_majeure")),
            h("span", {}, app.say("since", time))
        ),
        app.settings.buttons !== "customer" && over
    );
}

/** The bar at the bottom: who serves, how the device is, and the seller's button. */
export function staffBar(app) {
    const {mode, buttons} = app.settings;
    const isCustomer = mode === "three_button";
    const name = app.settings.seller;
    const seller = h(
        "button.seller",
        {type: "button", "data-action": "staff", "aria-haspopup": "dialog"},
        h("span.seller-mark", {}, name ? initials(name) : icon("visitor")),
        h(
            "span.seller-words",
            {},
            h(
                "span.seller-role",
                {},
                name && isCustomer
                    ? app.say("serves")
                    : app.say(name ? "seller" : "staff")
            ),
            h("span.seller-name", {}, name || app.say("nobody"))
        )
    );
    seller.addEventListener("click", () => new StaffSheet(app).show());
    return h(
        "footer.staff",
        {},
        seller,
        h(
            "div.staff-end",
            {},
            forceMajeure(app),
            isCustomer && buttons !== "customer" && sellerButton(app, "bell")
        )
    );
}
