/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may
 * not use this file except in compliance with the License. You may obtain
 * a copy of the License at
 *
 *      http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
 * WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
 * License for the specific language governing permissions and limitations
 * under the License.
 */

/* Searches and sorts tables. Without it the tables are all there, in the
   order in which they are to be acted on. */

'use strict';

(() => {
  // With numbers as numbers, in the order of the page's language.
  const collator = new Intl.Collator('en', {
    numeric: true,
    sensitivity: 'base',
  });

  function key(row, column) {
    const cell = row.cells[column];
    return cell.dataset.sort ?? cell.textContent.trim();
  }

  function sort(table, header) {
    const body = table.tBodies[0];
    const now = header.getAttribute('aria-sort');
    // Of numbers the highest are wanted first.
    const descending = now
      ? now === 'ascending'
      : Boolean(body.rows[0]?.cells[header.cellIndex].matches('.number'));
    const sign = descending ? -1 : 1;
    const rows = Array.from(body.rows, (row) => [
      key(row, header.cellIndex),
      row,
    ]);
    rows.sort((one, other) => sign * collator.compare(one[0], other[0]));
    body.append(...rows.map((pair) => pair[1]));
    for (const other of header.parentNode.cells) {
      other.removeAttribute('aria-sort');
    }
    header.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
  }

  function makeSortable(table) {
    for (const header of table.tHead.rows[0].cells) {
      if (!header.classList.contains('unsorted')) {
        const button = document.createElement('button');
        button.type = 'button';
        button.append(...header.childNodes);
        header.append(button);
        button.addEventListener('click', () => sort(table, header));
      }
    }
  }

  function makeSearch(box) {
    const input = box.querySelector('input');
    const status = box.querySelector('[role="status"]');
    const { rows } = document.getElementById(box.dataset.table).tBodies[0];
    const texts = new Map(
      Array.from(rows, (row) => [row, row.textContent.toLowerCase()]),
    );

    function search() {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const [row, text] of texts) {
        row.hidden = !words.every((word) => text.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      status.textContent =
        `${shown} of ${texts.size} ${status.dataset.what} shown`;
    }

    input.addEventListener('input', search);
    box.hidden = false;
    // A browser that comes back to a page fills in what was typed there.
    window.addEventListener('pageshow', search);
  }

  document.querySelectorAll('table.sortable').forEach(makeSortable);
  document.querySelectorAll('.search').forEach(makeSearch);
})();
