import {Component, useEffect, useRef, useState} from "@odoo/owl";

const MARGIN = 8;

/** What the cell under the pointer or the focus says. */
export class MatrixTip extends Component {
    static template = "kpi_internal_survey.MatrixTip";
    static props = {tip: Object};

    setup() {
        this.tip = useState(this.props.tip);
        this.rootRef = useRef("root");
        useEffect(() => this.place());
    }

    /** Below the cell, or above where there is no room; never outside the window. */
    place() {
        const {el} = this.rootRef;
        if (!el) {
            return;
        }
        const {left, top, bottom} = this.tip;
        const {offsetWidth: width, offsetHeight: height} = el;
        const fits = bottom + MARGIN + height < window.innerHeight;
        el.style.top = `${fits ? bottom + MARGIN : top - MARGIN - height}px`;
        el.style.left = `${Math.min(left, window.innerWidth - width - MARGIN)}px`;
    }
}
