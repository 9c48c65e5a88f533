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

"""1xx: what a change does to the orders of deliverable files."""

from __future__ import annotations

from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP121',
        title='The version is not in its canonical form',
        severity='error',
        what=(
            'The version of an order is not written as the tools write it: '
            'for release-type xstatic as PEP 440 has it, for all others as '
            'pbr has it (1.0.0.0rc1, three numbers before it). Or it is a '
            'version whose tag no release job takes, such as 1.2.3.dev4. Tags '
            'that end a phase of a series (victoria-eol, 2023.1-eom, '
            '2023.1-last) are no versions and are left alone.'
        ),
        why=(
            'pbr builds a tag 1.0.0rc1 as 1.0.0.0rc1, so that the artifacts '
            'have another version than the one that was ordered; and Zuul '
            'starts a release job only for tags of two forms.'
        ),
        remedy='Write the version as the message has it.',
    ),
    Page(
        code='OSP122',
        title='The version does not follow the one before it',
        severity='error',
        what=(
            'The version of an order is not higher than the last version '
            'before it in its file that is of the same repository and can be '
            'compared, or equal to any of them. In the directory '
            '_independent, where all branches are in one file, only versions '
            'with the same first two numbers are compared, or where there '
            'are none, with the same first number.'
        ),
        why=(
            'A file of a series lists the releases of one branch, on which '
            'versions only grow. A lower one is a slip of the pen, or an '
            'order in the wrong file; an equal one names a tag that is '
            'there.'
        ),
        remedy=(
            'Choose the next version, or put the order into the file of its '
            'own series.'
        ),
    ),
    Page(
        code='OSP123',
        title='The release model has no pre-releases',
        severity='error',
        what=(
            'The version of an order is an alpha, a beta or a release '
            'candidate, and the release-model of its file is none that '
            'allows them: cycle-with-milestones, cycle-trailing, '
            'cycle-with-rc, independent.'
        ),
        why=(
            'A pre-release is uploaded as any other release is. Under a '
            'model without them nobody expects one, and the release that '
            'would follow it is never ordered.'
        ),
        remedy='Order a release, or correct the release-model.',
    ),
    Page(
        code='OSP124',
        title='The order may not reach PyPI',
        severity='note',
        what=(
            'Not the deliverable file decides what reaches PyPI but the form '
            'of the tag and the Zuul templates of the repository in '
            'openstack/project-config. Either no job builds artifacts of '
            'such a tag, and nothing else is asked; or it is not certain '
            'whether one does, since the repository has no template there '
            'that publishes such a version and may have one of its own.'
        ),
        why=(
            'Of what never reaches the index nothing can be missing there, '
            'and what may reach it has to be looked at.'
        ),
        remedy=(
            'Nothing, if that is as intended; else see that the repository '
            'has a template such as publish-to-pypi.'
        ),
    ),
    Page(
        code='OSP125',
        title='The change moves an ordered version to another commit',
        severity='error',
        what=(
            'A version that the file ordered before the change for this '
            'repository has another commit after it.'
        ),
        why=(
            'A tag is set minutes after an order is merged and is never '
            'moved: the tagging job leaves an existing tag alone and ends '
            'successfully. The file would then tell of a commit that was not '
            'released.'
        ),
        remedy=(
            'Take the change of the hash back, and order the other commit '
            'under the next version.'
        ),
    ),
    Page(
        code='OSP126',
        title='The tagging job would pass over the order',
        severity='error',
        what=(
            'An order that a change adds does not stand in the last entry of '
            'releases in its file, and its version is not on the index.'
        ),
        why=(
            'The job that sets tags looks at the last entry of each changed '
            'file and at nothing else. The order would be merged and never '
            'carried out.'
        ),
        remedy=(
            'Put the new release at the end of the list, and order one '
            'release of a file in each change.'
        ),
    ),
    Page(
        code='OSP127',
        title='The change takes orders out of the files',
        severity='warning',
        what=(
            'A change removes a deliverable file that has releases, or '
            'removes releases from one, and no other file of the change has '
            'them.'
        ),
        why=(
            'The deliverable files are the record of what was approved. A '
            'release without an order looks like one that nobody asked for: '
            'verification and audit can no longer tell the two apart.'
        ),
        remedy=(
            'Keep the releases in the file; a deliverable that ended is '
            'marked as retired or abandoned there.'
        ),
    ),
    Page(
        code='OSP128',
        title='A release is ordered where releases have ended',
        severity='warning',
        what=(
            'A change adds an order to a series, or to a deliverable with a '
            'stable-status, that is end of life, to one whose release-model '
            'is abandoned, or of a repository that repository-settings mark '
            'as retired. Tags that end a phase of a series are left alone, '
            'and so is the end of a series for deliverables of the type '
            'trailing.'
        ),
        why=(
            'The job that sets tags passes over a series that is end of '
            'life, without a word: the order would be merged and never '
            'carried out. A release of what is retired is published all the '
            'same, to people who were told that there is none.'
        ),
        remedy=(
            'Make sure that this release is meant. If it is, change first '
            'what says that there are no more; if not, drop the order.'
        ),
    ),
    Page(
        code='OSP129',
        title='No tool here reads the file',
        severity='error',
        what=(
            'A change adds a YAML file below deliverables, or changes one, '
            'that is no file deliverables/SERIES/NAME.yaml: it lies too high '
            'or too deep, ends with .yml, or is a link.'
        ),
        why=(
            'The job that sets tags takes every changed file below '
            'deliverables, and may carry out an order that stands there. '
            'Nothing else finds it: the release is tagged and built, and '
            'refused as one that nobody ordered.'
        ),
        remedy='Move the file, or write a regular file where the link is.',
    ),
)
