import shutil


def uninstall_hook(env):
    """Keys are of no use without what they open, nor letters without their codes."""
    env["mail.mail"].search([("kpi_letter", "!=", False)]).unlink()
    folder = env["kpi.survey.key"]._folder()
    env.cr.postcommit.add(lambda: shutil.rmtree(folder, ignore_errors=True))
