import {Board} from "../board/board";
import {BoardDistribution} from "./distribution/board_distribution";
import {BoardFilters} from "./filters/board_filters";
import {BoardLateNow} from "./late_now/board_late_now";
import {BoardRanking} from "./ranking/board_ranking";
import {BoardSplit} from "./split/board_split";
import {BoardTiles} from "./tiles/board_tiles";
import {BoardTrend} from "./trend/board_trend";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {DelaysStore} from "./delays_store";
import {registry} from "@web/core/registry";

/**
 * The delays board. This component lays out and opens; what is shown comes from
 * `DelaysStore`, words from `board_words`, what charts draw from `board_series`.
 */
export class DelaysBoard extends Board {
    static template = "kpi_quality.DelaysBoard";
    static Store = DelaysStore;
    static components = {
        BoardDistribution,
        BoardFilters,
        BoardLateNow,
        BoardRanking,
        BoardSplit,
        BoardTiles,
        BoardTrend,
        ControlPanel,
    };

    setup() {
        super.setup();
        this.openImprovement = this.openImprovement.bind(this);
    }

    openImprovement(id) {
        this.openRecord("kpi.improvement", id);
    }
}

registry.category("actions").add("kpi_delays_board", DelaysBoard);
