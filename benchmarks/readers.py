# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.

"""What :mod:`benchmarks.orders` runs, each as a process of its own."""

from __future__ import annotations

import gc
import pathlib
import sys


def find_order(root: str, project: str, version: str) -> None:
    """Find the order of one release, as ``publish`` does."""
    from openstack_publish.gates import checkout
    from openstack_publish.gates import processes
    from openstack_publish.model import names

    search = checkout.Checkout(root, processes.Processes({})).find_orders(
        names.project_name(project), version
    )
    if len(search.orders) != 1 or search.problems:
        sys.exit(f'not one order: {search}')


def read_all(root: str) -> None:
    """Read each deliverable file into the value that it becomes."""
    from openstack_publish.gates import yamlfile
    from openstack_publish.model import deliverable_form

    for path in _paths(root):
        document = yamlfile.read(path.read_bytes(), path.name)
        found, problems = deliverable_form.read(document.data, path.name)
        if found is None or problems or document.problems:
            sys.exit(f'{path} was not read: {problems}')


def take_all(root: str) -> None:
    """Read the bytes of each, and look at none."""
    for path in _paths(root):
        path.read_bytes()


def load_all(root: str) -> None:
    """Load each with ruamel.yaml, as the tools of openstack/releases do."""
    from ruamel import yaml

    reader = yaml.YAML()
    for path in _paths(root):
        with open(path, encoding='utf-8') as opened:
            reader.load(opened)


def _paths(root: str) -> list[pathlib.Path]:
    return sorted(pathlib.Path(root).glob('deliverables/*/*.yaml'))


if __name__ == '__main__':
    # As in openstack_publish.cli.main; for ruamel.yaml too.
    gc.set_threshold(100_000)
    globals()[sys.argv[1]](*sys.argv[2:])
