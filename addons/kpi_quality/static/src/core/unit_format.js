import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";
import {formatFloat} from "@web/core/utils/numbers";
import {nbsp} from "@web/core/utils/strings";
import {user} from "@web/core/user";

// Whole patterns: single letters would not be exported for translation.
const PATTERNS = {
    percent: (number) => `${number} %`,
    hours: (number) => _t("%s h", number),
    minutes: (number) => _t("%s min", number),
    seconds: (number) => _t("%s s", number),
    points: (number) => _t("%s pts", number),
};

/**
 * The currency that the money of a record is in: its own, else its company's.
 *
 * @param {Object} data the record's values
 * @returns {Number}
 */
export function currencyIdOf({currency_id, company_id}) {
    if (currency_id) {
        return currency_id.id;
    }
    const company = user.allowedCompanies.find(({id}) => id === company_id?.id);
    return (company || user.activeCompany).currency_id;
}

/**
 * A number in words of its unit, by the locale of the user.
 *
 * @param {Number} value
 * @param {Object} options
 * @param {String} [options.unit] a key of `kpi.indicator.unit`
 * @param {Number} [options.decimals]
 * @param {Number} [options.currencyId]
 * @returns {String}
 */
export function formatInUnit(value, {unit = "count", decimals = 2, currencyId} = {}) {
    const digits = [16, decimals];
    if (unit === "money") {
        return formatCurrency(value, currencyId, {digits});
    }
    const number = formatFloat(value, {digits});
    return unit in PATTERNS
        ? PATTERNS[unit](number).toString().replaceAll(" ", nbsp)
        : number;
}
