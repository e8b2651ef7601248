// Terminals of @xterm/headless, driven over stdin and stdout: a line of JSON in, a line of JSON out.
//   ["play", rows, columns, scrollback, [base64 or [rows, columns]...]]: hashes
//   ["new", id, rows, columns, scrollback]   ["write", id, base64]   ["resize", id, rows, columns]
//   ["state", id]: all that is known of the terminal as text   ["hash", id]: a hash of that   ["answers", id]: what it has sent   ["drop", id]   ["widths"]
// What the public interface does not show (saved cursor, margins, tab stops, underlines, links) is read from inside: the version is pinned.
'use strict';
const { Terminal } = require('@xterm/headless');
const { Unicode11Addon } = require('@xterm/addon-unicode11');
const { createHash } = require('crypto');
const { createInterface } = require('readline');

const terminals = new Map();

// Two faults where lines are broken anew, told of in docs/screen.md, are mended here, so that the rest can be compared.
{
  const page = Object.getPrototypeOf(new Terminal({ allowProposedApi: true })._core.buffers.normal);
  const lines = Object.getPrototypeOf(new Terminal({ allowProposedApi: true })._core.buffers.normal.lines);
  const { _reflowSmaller: narrow } = page;
  const { set } = lines;
  // A first line that is empty and went on from one that is gone counts as taken away, though it stays: the saved cursor moves up.
  page._reflowSmaller = function (columns, rows) {
    const [first, second] = [this.lines.get(0), this.lines.get(1)];
    const isCounted = first.isWrapped && first.getTrimmedLength() === 0 && !second?.isWrapped;
    narrow.call(this, columns, rows);
    // The line of the cursor is left alone.
    if (isCounted && this.ybase + this.y > 0) this.savedY = Math.min(this.savedY + 1, this.ybase + rows - 1);
  };
  // A line that becomes longer than screen and history together puts pieces before the first line, and some come out in later ones.
  lines.set = function (index, line) { if (index >= 0) set.call(this, index, line); };
}

function create(rows, columns, scrollback) {
  const terminal = new Terminal({
    rows, cols: columns, scrollback, allowProposedApi: true, logLevel: 'off', windowOptions: { pushTitle: true, popTitle: true },
  });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  terminal.answers = '';
  terminal.onData(data => { terminal.answers += data; });
  // Colours are shown by what draws the terminal; here it is known what that would be told: to set one (1) or to have its own again (2).
  terminal.palette = new Map();
  terminal._core._inputHandler.onColor(events => {
    for (const { type, index, color } of events) {
      if (type === 1) terminal.palette.set(index, color);
      else if (type === 2 && index !== undefined) terminal.palette.delete(index);
      else if (type === 2) for (let i = 0; i < 256; i++) terminal.palette.delete(i);
    }
  });
  return terminal;
}

// The sets of characters have no names inside: each is known by what it is after its designation.
const charsets = new Map();
{
  const probe = create(24, 80, 0);
  for (const name of '0A4CRQKYEZH=') {
    probe._core.writeSync(Buffer.from('\x1b(' + name));
    charsets.set(probe._core._charsetService.charset, name);
  }
}
const charsetName = charset => charset ? charsets.get(charset) : 'B';

const color = value => {
  const kind = value & 0x3000000;
  return kind === 0 ? 0 : kind | (value & (kind === 0x3000000 ? 0xFFFFFF : 0xFF));
};

function flags(fg, bg) {
  return (fg & 0x8000000 ? 1 : 0) | (bg & 0x8000000 ? 2 : 0) | (bg & 0x4000000 ? 4 : 0) | (fg & 0x20000000 ? 8 : 0) | (fg & 0x4000000 ? 0x10 : 0)
    | (fg & 0x40000000 ? 0x20 : 0) | (fg & 0x80000000 ? 0x40 : 0) | (bg & 0x40000000 ? 0x80 : 0) | (bg & 0x20000000 ? 0x100 : 0);
}

function style(terminal, fg, bg, extended) {
  const hasExtended = extended && bg & 0x10000000;
  let line = 0;
  let lineColor = 0;
  let link = '';
  if (fg & 0x10000000) {
    line = hasExtended ? (extended._ext & 0x1C000000) >> 26 || 1 : 1;
    // SGR 59 leaves all bits set, where it means the colour of the text.
    lineColor = hasExtended && extended.underlineColor !== 0x3FFFFFF ? color(extended.underlineColor) : 0;
  }
  if (hasExtended && extended.urlId)
    link = terminal._core._oscLinkService.getLinkData(extended.urlId)?.uri ?? '';
  return `${color(fg).toString(16)},${color(bg).toString(16)},${flags(fg, bg).toString(16)},${line},${lineColor.toString(16)},${link}`;
}

const plain = '0,0,0,0,0,';

function text(terminal, line) {
  const data = line._data;
  let out = line.isWrapped ? '>' : '|';
  let last = plain;
  let lastFg = 0;
  let lastBg = 0;
  let blanks = '';
  const count = Math.min(line.length, terminal.cols);
  for (let x = 0; x < count; x++) {
    const content = data[3 * x];
    const fg = data[3 * x + 1];
    const bg = data[3 * x + 2];
    if (fg !== lastFg || bg !== lastBg || bg & 0x10000000) {
      lastFg = fg;
      lastBg = bg;
      const now = fg || bg ? style(terminal, fg, bg, line._extendedAttrs[x]) : plain;
      if (now !== last) {
        blanks += `{${now}}`;
        if (now !== plain) { out += blanks; blanks = ''; }
        last = now;
      }
    }
    const width = content >> 22;
    const code = content & 0x1FFFFF;
    const isCombined = content & 0x200000;
    if (!code && !isCombined) {
      const blank = width === 0 ? '\x01' : '\x02';
      if (last === plain && width === 1) blanks += blank;
      else { out += blanks + blank; blanks = ''; }
      continue;
    }
    out += blanks + (isCombined ? Array.from(line._combined[x]).slice(0, 16).join('') : String.fromCodePoint(code)) + (width === 2 ? '\x03' : width === 0 ? '\x04' : '');
    blanks = '';
  }
  return out;
}

function page(terminal, buffer, isActive) {
  const out = [];
  const saved = buffer.savedCurAttrData;
  const tabs = Object.keys(buffer.tabs).filter(tab => +tab < terminal.cols);
  if (isActive)
    out.push(`cursor ${Math.min(buffer.x, terminal.cols)} ${buffer.y}`);
  out.push(`margins ${buffer.scrollTop} ${buffer.scrollBottom}`);
  out.push(`saved ${Math.min(buffer.savedX, terminal.cols - 1)} ${Math.min(Math.max(buffer.savedY - buffer.ybase, 0), terminal.rows - 1)} ${color(saved.fg)} ${color(saved.bg)} ${flags(saved.fg, saved.bg)} ${charsetName(buffer.savedCharset)}`);
  out.push(`tabs ${tabs.join(' ')}`);
  out.push(`history ${buffer.ybase}`);
  for (let y = 0; y < buffer.lines.length; y++)
    out.push(text(terminal, buffer.lines.get(y)));
  return out;
}

function state(terminal) {
  const core = terminal._core;
  const modes = core.coreService.decPrivateModes;
  const charset = core._charsetService;
  const pen = core._inputHandler._curAttrData;
  const handler = core._inputHandler;
  const styles = { block: 2, underline: 4, bar: 6 };
  const isAlternate = core.buffers.active === core.buffers.alt;
  const on = [];
  for (const [name, value] of Object.entries({
    insert: core.coreService.modes.insertMode, newLine: core.optionsService.rawOptions.convertEol, cursorKeys: modes.applicationCursorKeys,
    keypad: modes.applicationKeypad, origin: modes.origin, wrap: modes.wraparound, reverseWrap: modes.reverseWraparound,
    cursorBlink: core.optionsService.rawOptions.cursorBlink, cursorHidden: core.coreService.isCursorHidden, paste: modes.bracketedPasteMode,
    focus: modes.sendFocus, synchronized: modes.synchronizedOutput,
  })) {
    if (value) on.push(name);
  }
  const mouse = { NONE: 0, X10: 9, VT200: 1000, DRAG: 1002, ANY: 1003 }[core.coreMouseService.activeProtocol];
  const encoding = { DEFAULT: 0, SGR: 1006, SGR_PIXELS: 1016 }[core.coreMouseService.activeEncoding];
  const out = [
    `size ${terminal.rows} ${terminal.cols}`,
    `screen ${isAlternate ? 'alternate' : 'normal'}`,
    `modes ${on.join(' ')}`,
    `mouse ${mouse} ${encoding}`,
    `shape ${modes.cursorStyle ? styles[modes.cursorStyle] - (modes.cursorBlink ? 1 : 0) : 0}`,
    `charsets ${[0, 1, 2, 3].map(i => charsetName(charset._charsets[i])).join('')} ${charset.glevel} ${charsetName(charset.charset)}`,
    `pen ${style(terminal, pen.fg, pen.bg, pen.extended)}`,
    `title ${handler._windowTitle}`,
    `icon ${handler._iconName}`,
    ...[...terminal.palette].sort(([a], [b]) => a - b).map(([index, color]) => `color ${index} ${color.join(' ')}`),
    ...handler._windowTitleStack.map(title => `pushed title ${title}`),
    ...handler._iconNameStack.map(title => `pushed icon ${title}`),
  ];
  if (isAlternate)
    out.push(...page(terminal, core.buffers.normal, false));
  out.push(...page(terminal, core.buffers.active, true));
  return out.join('\n');
}

// An alternate screen that is hidden while the terminal gets smaller would scroll into a history afterwards, which it should not have.
function resize(terminal, rows, columns) {
  terminal.resize(columns, rows);
  const { active, alt } = terminal._core.buffers;
  if (active === alt) return;
  const tabs = alt.tabs;
  alt.clear();
  alt.tabs = tabs;
}

const commands = {
  new: (id, rows, columns, scrollback) => { terminals.set(id, create(rows, columns, scrollback)); return null; },
  write: (id, data) => { terminals.get(id)._core.writeSync(Buffer.from(data, 'base64')); return null; },
  resize: (id, rows, columns) => { resize(terminals.get(id), rows, columns); return null; },
  // A whole life at once: a size, then texts and sizes; a hash of the state after each.
  play: (rows, columns, scrollback, steps) => {
    const terminal = create(rows, columns, scrollback);
    const hashes = steps.map(step => {
      if (typeof step === 'string') terminal._core.writeSync(Buffer.from(step, 'base64'));
      else resize(terminal, step[0], step[1]);
      return createHash('sha256').update(state(terminal)).digest('hex');
    });
    terminal.dispose();
    return hashes.join(' ');
  },
  state: id => state(terminals.get(id)),
  hash: id => createHash('sha256').update(state(terminals.get(id))).digest('hex'),
  answers: id => terminals.get(id).answers,
  drop: id => { terminals.get(id)?.dispose(); terminals.delete(id); return null; },
  widths: () => {
    const unicode = create(24, 80, 0)._core.unicodeService;
    let out = '';
    for (let code = 0x20; code < 0x110000; code++) out += code >= 0x7F && code < 0xA0 ? '-' : unicode.wcwidth(code);
    return out;
  },
};

createInterface({ input: process.stdin }).on('line', line => {
  const [name, ...parameters] = JSON.parse(line);
  let reply;
  try {
    reply = { ok: commands[name](...parameters) };
  } catch (error) {
    reply = { error: String(error.stack ?? error) };
  }
  process.stdout.write(JSON.stringify(reply) + '\n');
});
