#!/usr/bin/python3
# tests/install/test-install.py: the tutorial, built by a user of an installed library and by one with a subproject
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-install.py SOURCE_ROOT BUILD_ROOT PREFIX [installed | subproject]

Installs the build into a scratch folder, or puts the source into subprojects/ of a scratch project; builds
examples/tutorial there, runs it beside a registry, and compares what the client prints.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

WAIT_S = 30


class Report:
    """TAP, a point for each step; the first failure ends the test."""

    def __init__(self):
        self.count = 0

    def ok(self, name):
        self.count += 1
        print(f'ok {self.count} {name}', flush=True)

    def fail(self, name, output):
        print(f'not ok {self.count + 1} {name}')
        for line in output.splitlines():
            print(f'# {line}')
        print(f'1..{self.count + 1}', flush=True)
        sys.exit(1)


def run(report, name, command, **options):
    """Runs @command to its end; its output."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **options)
    if done.returncode != 0:
        report.fail(name, done.stdout)
    report.ok(name)
    return done.stdout


def install(report, build_root, prefix, scratch):
    """Installs to @scratch; the environment that finds it there."""
    run(report, 'it installs', ['meson', 'install', '-C', build_root, '--no-rebuild', '--quiet', '--destdir', scratch / 'root'])
    top = scratch / 'root' / prefix.relative_to('/')
    pc_file = next(top.rglob('rmi-glib-1.0.pc'))
    pc_file.write_text(pc_file.read_text(encoding='utf-8').replace(f'prefix={prefix}\n', f'prefix={top}\n', 1), encoding='utf-8')
    environment = dict(os.environ, PKG_CONFIG_PATH=str(pc_file.parent), LD_LIBRARY_PATH=str(pc_file.parent.parent),
                       PATH=f'{top / "bin"}:{os.environ["PATH"]}')
    for variable in ('rmi_codegen', 'grmi', 'rmi_registry'):
        program = run(report, f'pkg-config knows {variable}', ['pkg-config', f'--variable={variable}', 'rmi-glib-1.0'],
                      env=environment).strip()
        if not os.access(program, os.X_OK):
            report.fail(f'{variable} is a program', program)
    return environment, top / 'bin' / 'rmi-registry'


def add_subproject(source_root, project):
    """Links the source into subprojects/ of @project, without the build directories in it."""
    target = project / 'subprojects' / 'rmi-glib'
    target.mkdir(parents=True)
    for entry in source_root.iterdir():
        if not entry.name.startswith(('.', '_', 'build')):
            (target / entry.name).symlink_to(entry)


def greet(report, project, registry, environment):
    """Starts the registry, the server when that is ready, and calls until the server has bound its name."""
    processes = [subprocess.Popen([str(registry), '--print-address'], env=environment, stdout=subprocess.PIPE)]
    processes[0].stdout.readline()
    processes.append(subprocess.Popen([str(project / 'build' / 'server')], env=environment))
    try:
        script = 'until out=$(build/client Wörld); do sleep 0.05; done; echo "$out"'
        output = run(report, 'the client calls', ['timeout', WAIT_S, 'sh', '-c', script], cwd=project, env=environment)
        if output != 'Hello, Wörld!\n':
            report.fail('the server greets', output)
        report.ok('the server greets')
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def main():
    source_root, build_root, prefix = (pathlib.Path(argument) for argument in sys.argv[1:4])
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        project = scratch / 'hello'
        shutil.copytree(source_root / 'examples' / 'tutorial', project)
        if sys.argv[4] == 'installed':
            environment, registry = install(report, build_root, prefix, scratch)
            options = []
        else:
            environment = dict(os.environ)
            add_subproject(source_root, project)
            options = ['--force-fallback-for=rmi-glib-1.0', '-Drmi-glib:tests=false', '-Drmi-glib:examples=false',
                       '-Drmi-glib:introspection=disabled', '-Doptimization=0']     # built fast, not to be fast
            registry = None
        environment['XDG_RUNTIME_DIR'] = str(scratch)
        run(report, 'it configures', ['meson', 'setup', *options, project / 'build', project], env=environment)
        run(report, 'it builds', ['meson', 'compile', '-C', project / 'build'], env=environment)
        if registry is None:
            registry = next(path for path in (project / 'build').rglob('rmi-registry') if path.is_file())
        greet(report, project, registry, environment)
    print(f'1..{report.count}')


if __name__ == '__main__':
    main()
