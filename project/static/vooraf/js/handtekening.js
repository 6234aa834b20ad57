/*
 * The box in which someone draws a signature; used by the client's page and by the medewerker's form.
 * Load after vendor/signature_pad/signature_pad.umd.min.js, both with `defer`.
 *
 * Markup: templates/includes/handtekening.html. Everything inside [data-handtekening] stays hidden
 * until this script runs, so that without JavaScript only the typed name is offered.
 *
 * What goes to the server is a list of strokes, each a list of [x, y] in a fixed box of 560 x 160,
 * rounded. Time and pressure of the pen never leave this file: how someone writes is a trait of the body.
 */
(() => {
  "use strict";

  const WIDTH = 560;
  const HEIGHT = 160;
  const MAX_STROKES = 60;

  /* The whole canvas fits in the box, centred and undistorted; its proportions differ per screen. */
  function scaleOf(canvas) {
    return Math.min(WIDTH / canvas.clientWidth, HEIGHT / canvas.clientHeight);
  }

  function toBox(points, canvas) {
    const scale = scaleOf(canvas);
    const inside = (value, max) => Math.min(max, Math.max(0, Math.round(value)));
    return points.map(({ x, y }) => [
      inside(WIDTH / 2 + (x - canvas.clientWidth / 2) * scale, WIDTH),
      inside(HEIGHT / 2 + (y - canvas.clientHeight / 2) * scale, HEIGHT),
    ]);
  }

  function toCanvas(stroke, canvas) {
    const scale = scaleOf(canvas);
    return stroke.map(([x, y]) => ({
      x: canvas.clientWidth / 2 + (x - WIDTH / 2) / scale,
      y: canvas.clientHeight / 2 + (y - HEIGHT / 2) / scale,
      pressure: 0.5,
      time: 0,
    }));
  }

  /* After turning a phone the box may be narrower than what was drawn: shrink, never cut off. */
  function fit(strokes, canvas) {
    const scale = scaleOf(canvas);
    let room = 1;
    for (const [x, y] of strokes.flat()) {
      room = Math.min(
        room,
        (canvas.clientWidth * scale) / 2 / Math.max(1, Math.abs(x - WIDTH / 2)),
        (canvas.clientHeight * scale) / 2 / Math.max(1, Math.abs(y - HEIGHT / 2)),
      );
    }
    if (room === 1) return strokes;
    const shrink = (value, centre) => Math.round(centre + (value - centre) * room);
    return strokes.map((stroke) => stroke.map(([x, y]) => [shrink(x, WIDTH / 2), shrink(y, HEIGHT / 2)]));
  }

  function readStrokes(field) {
    try {
      const strokes = JSON.parse(field.value || "[]");
      return Array.isArray(strokes) ? strokes : [];
    } catch {
      return [];
    }
  }

  function start(frame) {
    const canvas = frame.querySelector("canvas");
    const field = frame.querySelector("input[type=hidden]");
    const status = frame.querySelector("[role=status]");
    const undo = frame.querySelector("[data-handtekening-streek]");
    const wipe = frame.querySelector("[data-handtekening-alles]");
    if (!canvas || !field || !window.SignaturePad) return;

    frame.hidden = false;
    let strokes = readStrokes(field);
    const ink = getComputedStyle(canvas).color;
    const pad = new window.SignaturePad(canvas, { penColor: ink, minWidth: 0.8, maxWidth: 2.6 });
    const pen = { penColor: ink, minWidth: 0.8, maxWidth: 2.6, dotSize: 1.7, velocityFilterWeight: 0.7 };

    function draw() {
      pad.clear();
      if (!strokes.length) return;
      pad.fromData(strokes.map((stroke) => ({ ...pen, points: toCanvas(stroke, canvas) })));
    }

    function resize() {
      if (!canvas.clientWidth) return;
      const density = Math.max(1, window.devicePixelRatio || 1);
      canvas.width = Math.round(canvas.clientWidth * density);
      canvas.height = Math.round(canvas.clientHeight * density);
      canvas.getContext("2d").scale(density, density);
      strokes = fit(strokes, canvas);
      keep();
      draw();
    }

    function keep() {
      field.value = strokes.length ? JSON.stringify(strokes) : "";
    }

    function tell() {
      const { leeg, streek, streken } = frame.dataset;
      const text = { 0: leeg, 1: streek }[strokes.length] ?? (streken || "");
      status.textContent = text.replace("{n}", String(strokes.length));
    }

    pad.addEventListener("endStroke", () => {
      const last = pad.toData().at(-1);
      if (!last?.points.length) return;
      if (strokes.length >= MAX_STROKES) {
        draw();
        status.textContent = frame.dataset.vol || "";
        return;
      }
      strokes.push(toBox(last.points, canvas));
      keep();
      tell();
    });
    undo?.addEventListener("click", () => {
      strokes.pop();
      keep();
      draw();
      tell();
    });
    wipe?.addEventListener("click", () => {
      strokes = [];
      keep();
      draw();
      tell();
    });

    new ResizeObserver(resize).observe(canvas);
    resize();
    if (strokes.length) tell();
  }

  document.querySelectorAll("[data-handtekening]").forEach(start);
})();
