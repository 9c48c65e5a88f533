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

"""1xx: the order, and the distributions held against it."""

from __future__ import annotations

from openstack_publish.rules.catalogue import order_changes
from openstack_publish.rules.catalogue import order_source
from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP101',
        title='A deliverable file is malformed',
        severity='error',
        what=(
            'A deliverable file that orders the release, or may hide its '
            'order, is no YAML or breaks the form of openstack/releases: a '
            'key stands twice, is unknown or is missing, a value has the '
            'wrong type. Every problem of the file is told, with line, '
            'column and key. Oddities that the release team\'s own tools let '
            'pass are notes.'
        ),
        why=(
            'Most YAML readers keep the last of two equal keys without a '
            'word, and read an unquoted version 1.10 as the number 1.1. What '
            'such a file orders is a guess, and a release cannot be taken '
            'back from PyPI.'
        ),
        remedy=(
            'Mend the file by a change to openstack/releases, and run again '
            'with a checkout that has it.'
        ),
    ),
    Page(
        code='OSP102',
        title='No deliverable file orders this release',
        severity='error',
        what=(
            'No file below deliverables/ of the checkout has a release of '
            'this version with a repository whose name, pypi-name or '
            'tarball-base is the project\'s.'
        ),
        why=(
            'The deliverable files are the record of what the release team '
            'approved. A tag that somebody pushed by hand starts the same '
            'jobs as an approved one; that no file orders it is the only '
            'difference.'
        ),
        remedy=(
            'Check name and version, and that the checkout of '
            'openstack/releases is up to date. A release is ordered by a '
            'change to openstack/releases.'
        ),
    ),
    Page(
        code='OSP103',
        title='Deliverable files disagree about the release',
        severity='error',
        what=(
            'Several deliverable files order this version for this project, '
            'with different commits or from different repositories. Files '
            'that order the same commit of the same repository are one '
            'order.'
        ),
        why=(
            'Of the 22 releases that stood in two files in August 2026 all '
            'had equal hashes. Where they differ, or a wrong tarball-base '
            'gives two repositories one name, at least one file is wrong, '
            'and choosing would be a guess.'
        ),
        remedy=(
            'Name the repository with --git-repo or the file with '
            '--deliverable, and mend the wrong file by a change to '
            'openstack/releases.'
        ),
    ),
    Page(
        code='OSP104',
        title='The deliverable file is not as committed',
        severity='error',
        what=(
            'The bytes of the deliverable file that were read are not those '
            'of the commit at HEAD of the checkout, or git could not say. '
            'The file is compared with git\'s object, so that flags such as '
            'assume-unchanged hide nothing.'
        ),
        why=(
            'What was reviewed and merged is the commit. The receipt names '
            'it as the order; a local edit would make that a lie.'
        ),
        remedy=(
            'Restore the file with "git checkout HEAD -- FILE" in the '
            'checkout of openstack/releases, or commit the change there.'
        ),
    ),
    Page(
        code='OSP105',
        title='Another commit was built than the ordered one',
        severity='error',
        what=(
            'The commit given with --commit, in a release job the one that '
            'the tag points to, is not the hash in the deliverable file.'
        ),
        why=(
            'The tagging job leaves an existing tag alone, even if it is on '
            'another commit, and ends successfully. The artifacts of such a '
            'tag are not what was ordered.'
        ),
        remedy=(
            'Compare the tag with the deliverable file. For an annotated '
            'tag give the commit ("git rev-parse TAG^{commit}"), not the tag '
            'object, and give all 40 digits.'
        ),
    ),
    Page(
        code='OSP106',
        title='The deliverable file gives the project several names',
        severity='error',
        what=(
            'pypi-name, the tarball-base of the release and the tarball-base '
            'of the repository\'s settings are not the same project after '
            'normalisation (PEP 503).'
        ),
        why=(
            'The tools of the release team read these fields in different '
            'orders, so each takes another name for the truth, and a check '
            'of one name says nothing of the other.'
        ),
        remedy=(
            'Make the fields agree by a change to openstack/releases, or '
            'remove those that repeat the repository\'s name.'
        ),
    ),
    Page(
        code='OSP107',
        title='A distribution has another name than the ordered project',
        severity='error',
        what=(
            'The Name in the metadata of a distribution is not the project '
            'that the deliverable file names, after normalisation (PEP 503).'
        ),
        why=(
            'An index files an upload under the Name in its metadata, '
            'whatever the file or the repository is called. A wrong one '
            'lands in another project, or creates a new one.'
        ),
        remedy=(
            'Check that these are the artifacts of the ordered repository; '
            'else set pypi-name or tarball-base in the deliverable file to '
            'the name in the metadata.'
        ),
    ),
    Page(
        code='OSP108',
        title='A distribution has another version than the ordered one',
        severity='error',
        what=(
            'The Version in the metadata of a distribution is not the '
            'ordered version, compared as PEP 440 says.'
        ),
        why=(
            'pbr takes the version from git. A build without the tag, or '
            'from a later commit, silently has a .devN version.'
        ),
        remedy=(
            'Build the distributions again from the tag of the ordered '
            'version.'
        ),
    ),
    Page(
        code='OSP109',
        title='The release has not exactly the expected kinds of files',
        severity='error',
        what=(
            'The distributions are not exactly one of each kind that the '
            'policy names for the project; by default one sdist and one '
            'wheel.'
        ),
        why=(
            'An upload cannot be completed for ever: PyPI closes a release '
            '14 days after its first file. A release job whose build of one '
            'kind failed silently is best noticed before the first upload. '
            'A second wheel with narrower tags is what pip prefers to ours.'
        ),
        remedy=(
            'Give all distributions of the release; or state the kinds that '
            'the project has in the policy, with a reason.'
        ),
    ),
    Page(
        code='OSP110',
        title='A distribution was built from another commit',
        severity='error',
        what=(
            'git_version in the pbr.json of a distribution is not the '
            'beginning of the ordered hash, or is no abbreviated hash of at '
            'least 7 digits.'
        ),
        why=(
            'pbr records the commit it built from. It is the only thing in '
            'the artifact that ties it to the order, since a version can be '
            'set by hand.'
        ),
        remedy='Build the distributions again from the ordered commit.',
    ),
    Page(
        code='OSP111',
        title='A distribution does not record its commit',
        severity='error',
        what=(
            'A distribution holds no pbr.json that says from which commit it '
            'was built: one has it and another has not, or none has it and '
            'the policy requires it. It is a note where the policy says '
            'commit: if-present and no distribution has it.'
        ),
        why=(
            'Both files of a release come from one build: the wheel is built '
            'from the sdist. If only one of them knows its commit, they are '
            'not of the same build.'
        ),
        remedy=(
            'Build all distributions again with pbr. For a project that is '
            'built without pbr set commit: if-present in the policy, with a '
            'reason.'
        ),
    ),
    Page(
        code='OSP112',
        title='The release is published without a deliverable file',
        severity='note',
        what=(
            'No deliverable file orders the release, and an entry of '
            'without-deliverable in the policy lets the repository be '
            'published nevertheless. Name, version, kinds and commit of the '
            'distributions are still compared with each other.'
        ),
        why=(
            'In August 2026, 140 of the 405 repositories that publish with '
            'OpenStack\'s jobs were in no deliverable file. Who may do so is '
            'a decision, which belongs into the policy with its reason.'
        ),
        remedy=(
            'Nothing; or order the releases of the repository by a '
            'deliverable file.'
        ),
    ),
    Page(
        code='OSP113',
        title='The releases directory is no git checkout',
        severity='note',
        what=(
            'The directory given with --releases is not the top of a git '
            'work tree, so that its files cannot be held against a commit. '
            'The receipt then names no commit of the order.'
        ),
        why=(
            'An unpacked archive is good enough for a rehearsal or a review. '
            'It does not prove what was merged.'
        ),
        remedy=(
            'For a release use a clone of openstack/releases, as release '
            'jobs do.'
        ),
    ),
    Page(
        code='OSP114',
        title='Which release the distributions are of cannot be told',
        severity='error',
        what=(
            'By their file names the distributions belong to more than one '
            'project or version, or a file name is none of a distribution.'
        ),
        why=(
            'A run publishes one release. A directory that still holds the '
            'files of an earlier build is the usual reason; twine would '
            'upload them all.'
        ),
        remedy=(
            'Give the files of one release only, or a directory that holds '
            'nothing else.'
        ),
    ),
    *order_source.PAGES,
    Page(
        code='OSP120',
        title='A file that decides over releases is not as committed',
        severity='warning',
        what=(
            'The policy of the checkout (data/publish-policy.yaml) or its '
            'list of series and signing keys (data/series_status.yaml) has '
            'other bytes than at HEAD.'
        ),
        why=(
            'The two say who may hold a role and which key may sign. A '
            'change of them that was not reviewed lets pass what nobody '
            'agreed to.'
        ),
        remedy=(
            'Look at "git diff HEAD -- data" in the checkout. To try a '
            'policy, name it with --policy.'
        ),
    ),
    *order_changes.PAGES,
)
