/** Milliseconds: longer than a slow line needs. */
const PATIENCE = 30000;

/** The server did not answer, or not as it should: later it may. */
export class Unreachable extends Error {}

/** The server said no, in words for people. */
export class Refused extends Error {
    constructor(reason, message) {
        super(message);
        this.reason = reason;
    }
}

/**
 * Ask the server, without a cookie: it is not to know who asks.
 *
 * @param {String} address
 * @param {Object} body
 */
export async function post(address, body) {
    let answer = null;
    let data = null;
    try {
        answer = await fetch(address, {
            method: "POST",
            headers: {"Content-Type": "application/json"},
            body: JSON.stringify(body),
            cache: "no-store",
            credentials: "omit",
            referrerPolicy: "no-referrer",
            signal: AbortSignal.timeout(PATIENCE),
        });
        data = await answer.json();
    } catch {
        throw new Unreachable();
    }
    if (answer.ok) {
        return data;
    }
    if (answer.status < 500 && data?.error) {
        throw new Refused(data.error, data.message);
    }
    throw new Unreachable();
}
