"""An SMTP session that never repeats what it was given to send."""

import re
import smtplib

# "5.7.1" and the like at the beginning of a server's answer.
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


def discreet(error: Exception) -> smtplib.SMTPException:
    """Give an error of the same meaning, without the words of the server.

    A server that refuses a letter for a link in it quotes the link: with the code.
    """
    if isinstance(error, smtplib.SMTPServerDisconnected):
        # Odoo has to know: nothing more can be sent in this session.
        return smtplib.SMTPServerDisconnected("The mail server hung up.")
    reason = type(error).__name__
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        if isinstance(answer, bytes):
            answer = answer.decode(errors="replace")
        status = STATUS.match(str(answer).strip())
        reason += f" {error.smtp_code}" + (f" {status.group()}" if status else "")
    return smtplib.SMTPException(f"The mail server refused the letter ({reason}).")


class DiscreetSession:
    """Wraps a session of ``smtplib``; whatever it is asked for besides is the same."""

    def __init__(self, session):
        self._session = session

    def __getattr__(self, name):
        return getattr(self._session, name)

    def send_message(self, *args, **kwargs):
        """Send without a protocol of it, and fail without quoting."""
        level = getattr(self._session, "debuglevel", 0)
        self._session.set_debuglevel(0)
        try:
            return self._session.send_message(*args, **kwargs)
        except Exception as error:  # whatever it is, it may quote
            failure = discreet(error)
        finally:
            self._session.set_debuglevel(level)
        # Out here the failure has no trace of the error that it stands for.
        raise failure
