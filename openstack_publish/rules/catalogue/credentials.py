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

"""6xx: upload credentials."""

from __future__ import annotations

from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP601',
        title='The token is not valid now',
        severity='error',
        what=(
            'The token carries a time before which or after which it may '
            'not be used, and now is outside of it. The end itself is '
            'outside.'
        ),
        why=(
            'The index refuses it as "token is expired", also where it is '
            'too early. A refusal after the first file would leave half a '
            'release.'
        ),
        remedy=(
            'Use a token that is valid now, and check the clock of this '
            'machine if the time looks wrong.'
        ),
    ),
    Page(
        code='OSP602',
        title='The token is not for this project',
        severity='error',
        what=(
            'The token names the projects that it may upload to, and this '
            'one is not among them.'
        ),
        why=(
            'The index refuses it as "project-scoped token is not valid for '
            'project". A token that is for no more than it needs is a good '
            'one; it only has to be the right one.'
        ),
        remedy=(
            'Use a token whose scope includes the project. For a project '
            'that is new it must be a token for the whole account.'
        ),
    ),
    Page(
        code='OSP603',
        title='The credential cannot be narrowed',
        severity='note',
        what=(
            'What is to be sent is no API token of PyPI\'s form (a '
            'macaroon), so it goes to the index as it is. An API token '
            'would be narrowed before each file to the project and to some '
            '20 minutes.'
        ),
        why=(
            'A narrowed token is worth little to whoever gets hold of it on '
            'the way or in the server\'s log. PyPI takes nothing but API '
            'tokens; other indexes have passwords.'
        ),
        remedy=(
            'If the index is PyPI, use an API token. Otherwise there is '
            'nothing to do.'
        ),
    ),
    Page(
        code='OSP604',
        title='There is no credential, or it could not be read',
        severity='error',
        what=(
            'Neither the command line, the environment, .pypirc nor the '
            'keyring gives a user name and password, or the keyring did not '
            'answer. In a dry run this is a note: nothing is sent, and the '
            'credential was not tried.'
        ),
        why=(
            'It is better to find out before the signatures are made than '
            'after.'
        ),
        remedy=(
            'Put an API token into TWINE_PASSWORD, .pypirc or the keyring.'
        ),
    ),
    Page(
        code='OSP605',
        title='The index refuses the credential',
        severity='error',
        what=(
            'The index answered an upload with 401, or with 403 and words '
            'that are about who uploads: the token is unknown, revoked, '
            'expired or for something else, its user lacks two-factor '
            'authentication or a verified e-mail address, or has no role on '
            'the project. The words are quoted.'
        ),
        why=(
            'A revoked or foreign token looks like any other from outside; '
            'only the index knows. To an upload to an archived project PyPI '
            'answers in the same words as to one by somebody without a '
            'role.'
        ),
        remedy=(
            'Read the quoted words. Then renew the token, mend the account, '
            'or get the role on the project.'
        ),
    ),
    Page(
        code='OSP606',
        title='The token has restrictions that are not known here',
        severity='note',
        what=(
            'Some restrictions of the token are in a form that this version '
            'does not know or cannot compare with a name, such as those of '
            'a Trusted Publisher or of a project\'s internal id.'
        ),
        why=(
            'They may let the upload through or not; the index will tell '
            'with the first file.'
        ),
        remedy=('Nothing, unless the upload is refused with OSP605.'),
    ),
    Page(
        code='OSP607',
        title='The token ends soon',
        severity='warning',
        what=(
            'The token is valid now but ends within 900 seconds, which is '
            'how long the upload of one file may take.'
        ),
        why=(
            'A token that ends between two files leaves half a release, '
            'which then needs a second run with another token.'
        ),
        remedy=('Use a token that lasts longer.'),
    ),
)
