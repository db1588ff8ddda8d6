#!/usr/bin/python3
# fuzz/tap.py: runs one fuzz target for a while and says how it went
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: tap.py TARGET SEEDS DICTIONARY

Prints one TAP test point. Runs for $RMI_FUZZ_SECONDS (60), from $RMI_FUZZ_SEED (0: another one each time). Inputs worth
keeping stay beside TARGET, in corpus-<target>/; one that failed is in failed-<target>/, and the command that repeats it is
printed.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

OPTIONS = ['-max_len=8192', '-timeout=20', '-rss_limit_mb=1024', '-malloc_limit_mb=256', '-entropic=0', '-print_final_stats=1']
ENVIRONMENT = {
    'ASAN_OPTIONS': 'detect_leaks=1:detect_stack_use_after_return=0:strict_string_checks=1:allocator_may_return_null=0',
    'UBSAN_OPTIONS': 'halt_on_error=1:print_stacktrace=1',
    'G_SLICE': 'always-malloc',
}


def run(target, seeds, dictionary, seconds):
    """Exit status and output of libFuzzer."""
    folder = target.parent
    corpus, failed = folder / f'corpus-{target.name}', folder / f'failed-{target.name}'
    corpus.mkdir(exist_ok=True)
    failed.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run([target, *OPTIONS, f'-max_total_time={seconds}', f'-seed={os.environ.get("RMI_FUZZ_SEED", "0")}',
                               f'-artifact_prefix={failed}/', f'-dict={dictionary}',
                               corpus, seeds],
                              env={**os.environ, **ENVIRONMENT, 'TMPDIR': scratch, 'XDG_RUNTIME_DIR': scratch}, text=True, errors='replace',
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout


def main():
    target, seeds, dictionary = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    seconds = int(os.environ.get('RMI_FUZZ_SECONDS', '60'))
    status, output = run(target, seeds, dictionary, seconds)
    runs = re.search(r'^stat::number_of_executed_units:\s*(\d+)', output, re.MULTILINE)
    print('1..1')
    if status == 0 and runs is not None and int(runs.group(1)) > 0:
        print(f'ok 1 {target.name}: {runs.group(1)} inputs in {seconds} s')
        return 0

    print(f'not ok 1 {target.name}: exit status {status}')
    for line in output.splitlines()[-120:]:
        print(f'# {line}')
    for artifact in re.findall(r'Test unit written to (\S+)', output):
        print(f'# repeat it with: {target} {artifact}')
    return 1


if __name__ == '__main__':
    sys.exit(main())
