import shutil


def uninstall_hook(env):
    """Keys are of no use without what they open."""
    folder = env["kpi.survey.key"]._folder()
    env.cr.postcommit.add(lambda: shutil.rmtree(folder, ignore_errors=True))
