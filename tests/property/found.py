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

"""Inputs that once broke a reader, so that none does it again.

``tox -e fuzz`` prints a line for here where it finds another one.
"""

from __future__ import annotations

FOUND: dict[str, tuple[str, ...]] = {
    'headers': (
        'RnJpLCAzMSBEZWMgOTk5OSAyMzo1OTo1OSAtMjMwMA==',
        'MSBKYW4gOTk5OTk5OTk5OTk5OTk5OTk5OTkgMDA6MDA6MDAgR01U',
    ),
    'watch-document': (
        'eyJwcm9qZWN0IjogIm9zLXZpZiIsICJyZWFkIjogIjIwMjYtMTEtMjBUMTI6'
        'MDA6MDArMDA6MDAiLCAiZXhpc3RzIjogdHJ1ZSwgInN0YXR1cyI6ICJhY3Rp'
        'dmUiLCAid2hvIjogeyJyb2xlcyI6IFtdLCAib3JnYW5pemF0aW9uIjogW119'
        'LCAiZmlsZXMiOiBudWxsLCAic2VyaWFsIjogMSwgInVucmVhZF9zaW5jZSI6'
        'IG51bGx9',
        'eyJwcm9qZWN0IjogIm9zLXZpZiIsICJyZWFkIjogIjAwMDEtMDEtMDFUMDA6'
        'MDA6MDArMjM6NTkiLCAiZXhpc3RzIjogdHJ1ZSwgInN0YXR1cyI6ICJhY3Rp'
        'dmUiLCAid2hvIjogbnVsbCwgImZpbGVzIjogbnVsbCwgInNlcmlhbCI6IDEs'
        'ICJ1bnJlYWRfc2luY2UiOiBudWxsfQ==',
        'eyJwcm9qZWN0IjogWyJvcy12aWYiXSwgInJlYWQiOiAiMjAyNi0xMS0yMFQx'
        'MjowMDowMCswMDowMCIsICJleGlzdHMiOiAieWVzIiwgInN0YXR1cyI6IDUs'
        'ICJ3aG8iOiBudWxsLCAiZmlsZXMiOiBudWxsLCAic2VyaWFsIjogIjEiLCAi'
        'dW5yZWFkX3NpbmNlIjogbnVsbH0=',
    ),
}
"""By the name of the reader: inputs in base64."""
