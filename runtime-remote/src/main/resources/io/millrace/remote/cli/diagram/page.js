'use strict';
(() => {
  const svg = document.getElementById('picture');
  const whole = svg.viewBox.baseVal;
  const full = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
  const boxes = [...svg.querySelectorAll('.box')];
  const wires = [...svg.querySelectorAll('.wire')];
  const ends = (svg.dataset.edges || '').split(' ').filter(Boolean).map(pair => pair.split('-').map(Number));
  const edgesOf = wire => wire.dataset.e.split(' ').map(Number);

  // View: what part of the picture is shown, in its own units.
  let scale = 1;
  let left = 0;
  let top = 0;
  const show = () => {
    const area = svg.getBoundingClientRect();
    svg.setAttribute('viewBox', `${left} ${top} ${area.width / scale} ${area.height / scale}`);
  };
  const centre = (x, y) => {
    const area = svg.getBoundingClientRect();
    left = x - area.width / scale / 2;
    top = y - area.height / scale / 2;
  };
  const fit = least => {
    const area = svg.getBoundingClientRect();
    const fitting = Math.min(1.25, area.width / full.width, area.height / full.height);
    scale = fitting < least ? 0.7 : fitting;
    centre(full.width / 2, full.height / 2);
    if (full.width * scale > area.width + 1) left = 0;
    show();
  };
  const zoom = (factor, clientX, clientY) => {
    const area = svg.getBoundingClientRect();
    const x = clientX === undefined ? area.width / 2 : clientX - area.left;
    const y = clientY === undefined ? area.height / 2 : clientY - area.top;
    const next = Math.min(4, Math.max(0.03, scale * factor));
    left += x / scale - x / next;
    top += y / scale - y / next;
    scale = next;
    show();
  };
  const move = (dx, dy) => { left -= dx / scale; top -= dy / scale; show(); };

  const pointers = new Map();
  let dragged = false;
  svg.addEventListener('pointerdown', event => {
    if (event.button === 0) {
      pointers.set(event.pointerId, event);
      svg.classList.add('moving');
      dragged = false;
    }
  });
  svg.addEventListener('pointermove', event => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    // A hand that trembles while it clicks does not drag.
    if (!dragged && Math.hypot(event.clientX - last.clientX, event.clientY - last.clientY) < 4) return;
    dragged = true;
    if (!svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
    if (pointers.size === 1) {
      move(event.clientX - last.clientX, event.clientY - last.clientY);
    } else {
      const other = [...pointers.entries()].find(entry => entry[0] !== event.pointerId)[1];
      const apart = p => Math.hypot(p.clientX - other.clientX, p.clientY - other.clientY);
      zoom(apart(event) / Math.max(1, apart(last)), other.clientX, other.clientY);
    }
    pointers.set(event.pointerId, event);
  });
  for (const end of ['pointerup', 'pointercancel']) {
    svg.addEventListener(end, event => {
      pointers.delete(event.pointerId);
      if (pointers.size === 0) svg.classList.remove('moving');
    });
  }
  svg.addEventListener('wheel', event => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016)), event.clientX, event.clientY);
  }, { passive: false });
  document.getElementById('zoom-in').addEventListener('click', () => zoom(1.3));
  document.getElementById('zoom-out').addEventListener('click', () => zoom(1 / 1.3));
  document.getElementById('zoom-fit').addEventListener('click', () => fit(0));
  addEventListener('resize', show);
  addEventListener('keydown', event => {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 60;
    const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (moves[event.key]) { move(...moves[event.key]); event.preventDefault(); }
    if (event.key === '+' || event.key === '=') zoom(1.3);
    if (event.key === '-') zoom(1 / 1.3);
    if (event.key === '0') fit(0);
    if (event.key === 'Escape') { kept = null; choose(null); }
  });

  // Choice: a node or an edge stands out with what it touches.
  const choose = target => {
    for (const element of [...boxes, ...wires]) element.classList.remove('hot', 'near');
    svg.classList.toggle('choosing', Boolean(target));
    if (!target) return;
    const node = target.classList.contains('box') ? Number(target.dataset.n) : -1;
    const edges = new Set(node < 0 ? edgesOf(target) : ends.flatMap((pair, i) => (pair.includes(node) ? [i] : [])));
    for (const wire of wires) wire.classList.toggle('hot', edgesOf(wire).some(edge => edges.has(edge)));
    for (const edge of edges) for (const end of ends[edge]) boxes[end].classList.add('near');
    if (node >= 0) target.classList.add('hot');
  };
  let kept = null;
  const hovered = event => event.target.closest('.wire, .box');
  svg.addEventListener('pointerover', event => { if (!kept && pointers.size === 0) choose(hovered(event)); });
  svg.addEventListener('pointerleave', () => { if (!kept) choose(null); });
  svg.addEventListener('click', event => {
    if (dragged) return;
    const target = hovered(event);
    kept = target === kept ? null : target;
    choose(kept);
  });
  for (const box of boxes) {
    box.addEventListener('focus', () => { if (box.matches(':focus-visible')) choose(box); });
    box.addEventListener('blur', () => { if (!kept) choose(null); });
  }

  const search = document.getElementById('search');
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase();
    const found = wanted && boxes.filter(box => box.dataset.id.toLowerCase().includes(wanted));
    kept = found && found.length > 0 ? found[0] : null;
    choose(kept);
    if (!kept) return;
    const bounds = kept.getBBox();
    const shift = kept.parentNode.transform.baseVal.consolidate().matrix;
    scale = Math.max(scale, 0.8);
    centre(bounds.x + shift.e + bounds.width / 2, bounds.y + shift.f + bounds.height / 2);
    show();
  });

  const root = document.documentElement;
  document.getElementById('theme').addEventListener('click', () => {
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
  });

  // What would be too small to read at once begins at its left end.
  fit(0.3);
})();
