/* The page without this script is complete text; with it, curves, video and buttons move together. */
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const video = document.querySelector("video");
  const slider = document.getElementById("time");
  const clockText = document.getElementById("clock");
  const spoken = document.getElementById("spoken");
  const hiddenText = document.getElementById("hidden-now");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const plots = [];
  const words = data.words;
  const LEAST_SPAN = 20; /* degrees or percent: noise must not look like movement */
  let now = data.start;
  let wanted = null; /* where the video was sent, its own seconds */

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const clock = (t) => {
    const tenths = Math.round(t * 10);
    const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, "0");
    return `${Math.floor(tenths / 600)}:${seconds.replace(".", words.decimal)}`;
  };

  const nearest = (t) => {
    let low = 0;
    let high = data.t.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (data.t[middle] <= t) low = middle;
      else high = middle;
    }
    return t - data.t[low] <= data.t[high] - t ? low : high;
  };

  /* A message with what it is about in its places. */
  const told = (message, places) => message.replace(/\{(\w+)\}/g, (_, name) => places[name]);
  const numeral = (number) => String(number).replace(".", words.decimal);
  const signed = (curve, number) =>
    curve.sign === "%" ? told(words.percent, { number }) : `${number}${curve.sign}`;

  const valueAt = (curve, t) => {
    const value = curve.values[nearest(t)];
    return value === null || value === undefined ? words.unseen : signed(curve, String(Math.round(value)));
  };

  const repAt = (t) => data.reps.find((rep) => t >= rep.start && t <= rep.end);

  /* A band may be of several parts, one after the other. */
  const hiddenAt = (t) => {
    const here = data.guesses.filter((one) => t >= one.start && t <= one.end);
    return here.map((one) => one.part).join(", ");
  };

  const speak = () => {
    const rep = repAt(now);
    const hidden = hiddenAt(now);
    const parts = data.curves.map((curve) => `${curve.title} ${valueAt(curve, now)}`);
    if (hidden) parts.push(told(words.hidden, { parts: hidden }));
    const where = rep ? told(words.rep, { reps: rep.index }) : words.between;
    spoken.textContent = [clock(now), where, ...parts].join(", ");
  };

  const show = (t) => {
    now = Math.min(Math.max(t, data.start), data.end);
    clockText.textContent = clock(now);
    slider.value = String(now);
    slider.setAttribute("aria-valuetext", clock(now));
    const current = repAt(now);
    if (hiddenText) {
      const hidden = hiddenAt(now);
      hiddenText.textContent = hidden ? told(words.here, { parts: hidden }) : "";
    }
    for (const plot of plots) {
      plot.head.style.transform = `translateX(${plot.chart.valToPos(now, "x")}px)`;
      plot.value.textContent = valueAt(plot.curve, now);
    }
    for (const row of document.querySelectorAll("tr[data-rep]")) {
      const here = current !== undefined && String(current.index) === row.dataset.rep;
      row.classList.toggle("current", here);
    }
  };

  /* The video's own clock: it may begin anywhere, leap where parts were joined, and be slowed. */
  const inVideo = (t) => {
    const [from, at] = data.pieces.findLast((piece) => piece[0] <= t + 0.001) ?? data.pieces[0];
    return at + (t - from) * data.pace;
  };

  const ofVideo = (v) => {
    const [from, at] = data.pieces.findLast((piece) => piece[1] <= v + 0.001) ?? data.pieces[0];
    return from + (v - at) / data.pace;
  };

  /* In the middle of the picture's time: at its very beginning browsers may show the one before. */
  const seek = (t, loud) => {
    show(t);
    if (video && !video.error) {
      wanted = Math.max(0, inVideo(now) + data.half * data.pace);
      video.currentTime = wanted;
    }
    if (loud) speak();
  };

  /* --- curves ------------------------------------------------------------------------ */

  const across = (u, from, to) => {
    const left = Math.max(u.valToPos(from, "x", true), u.bbox.left);
    const right = Math.min(u.valToPos(to, "x", true), u.bbox.left + u.bbox.width);
    return [left, Math.max(0, right - left)];
  };

  const drawReps = (u) => {
    const { ctx } = u;
    ctx.save();
    for (const rep of data.reps) {
      const [left, width] = across(u, rep.start, rep.end);
      ctx.fillStyle = colour(rep.counts ? "--rep" : "--rep-out");
      ctx.fillRect(left, u.bbox.top, width, u.bbox.height);
      if (width > 24 * devicePixelRatio) {
        ctx.fillStyle = colour("--muted");
        ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
        ctx.textAlign = "left";
        ctx.textBaseline = "top";
        const margin = 5 * devicePixelRatio;
        ctx.fillText(String(rep.index), left + margin, u.bbox.top + margin);
      }
    }
    ctx.restore();
  };

  /* Hatched, not only tinted: it must be told from a repetition without colours. */
  const drawHidden = (u) => {
    const { ctx } = u;
    const { top, height } = u.bbox;
    const apart = 9 * devicePixelRatio;
    for (const span of data.hidden) {
      const [left, width] = across(u, span.start, span.end);
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, top, width, height);
      ctx.clip();
      ctx.strokeStyle = colour("--hatch");
      ctx.lineWidth = devicePixelRatio;
      ctx.beginPath();
      const first = Math.floor((left - height) / apart) * apart;
      for (let x = first; x < left + width; x += apart) {
        ctx.moveTo(x, top + height);
        ctx.lineTo(x + height, top);
      }
      ctx.stroke();
      ctx.restore();
    }
  };

  const drawLimits = (curve) => (u) => {
    const { ctx } = u;
    const bottom = u.bbox.top + u.bbox.height;
    ctx.save();
    ctx.beginPath();
    ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    ctx.clip();
    for (const limit of curve.limits) {
      const y = u.valToPos(limit.value, "y", true);
      for (const [from, to] of limit.spans) {
        const [left, width] = across(u, from, to);
        ctx.fillStyle = colour("--beyond");
        if (limit.above) ctx.fillRect(left, u.bbox.top, width, y - u.bbox.top);
        else ctx.fillRect(left, y, width, bottom - y);
        ctx.strokeStyle = colour("--limit");
        ctx.lineWidth = 1.5 * devicePixelRatio;
        ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
        ctx.beginPath();
        ctx.moveTo(left, y);
        ctx.lineTo(left + width, y);
        ctx.stroke();
      }
    }
    ctx.setLineDash([]);
    for (const mark of curve.marks) {
      const x = u.valToPos(mark.t, "x", true);
      const y = u.valToPos(curve.values[nearest(mark.t)], "y", true);
      const size = 6 * devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(x, y - size);
      ctx.lineTo(x + size, y + size * 0.8);
      ctx.lineTo(x - size, y + size * 0.8);
      ctx.closePath();
      ctx.fillStyle = colour(`--${mark.severity}`);
      ctx.fill();
      ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.strokeStyle = colour("--card");
      ctx.stroke();
    }
    ctx.restore();
  };

  const follow = (over, chart) => {
    const at = (event) => chart.posToVal(event.clientX - over.getBoundingClientRect().left, "x");
    let dragging = false;
    over.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      dragging = true;
      over.setPointerCapture(event.pointerId);
      if (video) video.pause();
      seek(at(event), false);
    });
    over.addEventListener("pointermove", (event) => {
      if (dragging) seek(at(event), false);
    });
    const stop = () => {
      if (dragging) speak();
      dragging = false;
    };
    over.addEventListener("pointerup", stop);
    over.addEventListener("pointercancel", stop);
  };

  const axis = (extra) => ({
    stroke: () => colour("--muted"),
    grid: { stroke: () => colour("--grid"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
    ...extra,
  });

  /* From what happens in the repetitions: a lifter who walks in must not flatten the rest. */
  const range = (curve) => {
    const told = (value) => value !== null;
    const within = curve.values.filter((value, i) => told(value) && repAt(data.t[i]));
    const values = within.length ? within : curve.values.filter(told);
    const shown = [...values, ...curve.limits.map((limit) => limit.value)];
    const least = Math.min(...shown);
    const most = Math.max(...shown);
    const room = Math.max((most - least) * 0.12, (LEAST_SPAN - (most - least)) / 2);
    return [least - room, most + room];
  };

  const build = (curve) => {
    const place = document.getElementById(curve.id);
    const chart = new uPlot(
      {
        width: place.clientWidth,
        height: 150,
        padding: [8, 8, 0, 0],
        cursor: { show: false },
        select: { show: false },
        legend: { show: false },
        scales: { x: { time: false, range: [data.start, data.end] }, y: { range: range(curve) } },
        axes: [
          axis({ size: 26, gap: 4, values: (u, ticks) => ticks.map((t) => told(words.seconds, { number: numeral(t) })) }),
          axis({ size: 46, gap: 4, space: 32, values: (u, ticks) => ticks.map((v) => signed(curve, numeral(v))) }),
        ],
        series: [
          {},
          { stroke: () => colour("--line"), width: 2, spanGaps: false, points: { show: false } },
        ],
        hooks: { drawAxes: [drawReps, drawHidden], draw: [drawLimits(curve)] },
      },
      [data.t, curve.values],
      place,
    );
    const head = document.createElement("div");
    head.className = "playhead";
    chart.over.append(head);
    follow(chart.over, chart);
    plots.push({ chart, head, curve, place, value: document.getElementById(`${curve.id}-value`) });
  };

  const redraw = () => {
    for (const plot of plots) plot.chart.redraw(false, true);
  };

  const fit = () => {
    for (const plot of plots) {
      const width = plot.place.clientWidth;
      if (width > 0 && width !== plot.chart.width) plot.chart.setSize({ width, height: 150 });
    }
    show(now);
  };

  if (!slider) return;
  data.curves.forEach(build);
  dark.addEventListener("change", redraw);
  window.matchMedia("print").addEventListener("change", redraw);
  new ResizeObserver(fit).observe(document.body);
  slider.addEventListener("input", () => seek(Number(slider.value), false));
  slider.addEventListener("change", speak);

  /* --- video and buttons ------------------------------------------------------------- */

  if (video) {
    if (data.turned) {
      const player = document.getElementById("player");
      video.style.rotate = `${-90 * data.turned}deg`;
      if (data.turned % 2) {
        const shape = video.width / video.height;
        player.classList.add("aside");
        player.style.width = `min(100%, ${62 * shape}vh)`;
        player.style.aspectRatio = shape;
      }
    }
    const pictured = (v) => {
      const t = ofVideo(v);
      if (video.seeking) return;
      if (!video.paused || Math.abs(t - now) > 2 * data.half) show(t);
    };
    if (video.requestVideoFrameCallback) {
      const next = (_, picture) => {
        pictured(picture.mediaTime);
        video.requestVideoFrameCallback(next);
      };
      video.requestVideoFrameCallback(next);
    } else {
      const tick = () => {
        if (!video.paused) pictured(video.currentTime);
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    }
    video.addEventListener("play", () => {
      wanted = null;
    });
    /* Where the video begins late, or its length was not known when it was sent on. */
    const again = () => {
      if (wanted === null && video.paused && inVideo(now) > 0) wanted = inVideo(now) + data.half * data.pace;
      if (wanted !== null && video.paused) video.currentTime = wanted;
    };
    video.addEventListener("loadedmetadata", again);
    video.addEventListener("durationchange", again);
    if (video.readyState > 0) again();
    const failed = () => {
      document.getElementById("player").hidden = true;
      document.getElementById("no-video").hidden = false;
    };
    video.addEventListener("error", failed);
    if (video.error) failed();
  }

  const watch = document.getElementById("watch");
  for (const button of document.querySelectorAll("button[data-t]")) {
    button.addEventListener("click", () => {
      if (video) video.pause();
      seek(Number(button.dataset.t), true);
      const box = watch.getBoundingClientRect();
      if (box.top < -box.height / 2 || box.top > window.innerHeight / 2) {
        watch.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
      }
    });
  }
  show(now);
})();
