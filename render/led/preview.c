/* preview.c -- how it looks on the wall: round lamps at the pitch, dark ones still to be seen, their glow added as light is.
 * A picture of the brightest frame, or a page that plays all of them, the same sums in a shader. */
#include "led/plan.h"

#include <math.h>
#include <string.h>

#include "base/num.h"

#define PICTURE_WIDTH 3072        /* px, about */
#define LAMP_RADIUS 0.42          /* of the pitch */
#define GLOW 0.10                 /* light beside a lamp, of its own */
#define GLOW_WIDTH 0.55           /* of the pitch */
#define LAMP_OFF 0.012            /* linear light of a dark lamp .. */
#define HOUSING 0.002             /* .. and of what lies between */
#define PNG_LEVEL 6

static double to_linear(int value) { return value <= 10 ? value / 255.0 / 12.92 : pow((value / 255.0 + 0.055) / 1.055, 2.4); }

static uint8_t to_srgb(double light)
{
    double value = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055;
    return (uint8_t)lround(255 * (value < 0 ? 0 : value > 1 ? 1 : value));
}

/* What a lamp adds to a pixel that lies (x, y) pitches from its middle: itself, its edge one pixel soft, and its glow. */
static void kernel_at(double x, double y, double pixel, double *lamp, double *glow)
{
    double distance = sqrt(x * x + y * y), edge = (LAMP_RADIUS - distance) / pixel + 0.5;
    *lamp = edge < 0 ? 0 : edge > 1 ? 1 : edge;
    *glow = GLOW * exp(-distance * distance / (2 * GLOW_WIDTH * GLOW_WIDTH));
}

PngPicture led_preview_picture(const LedPlan *plan, Arena *arena)
{
    PngPicture frame = led_frame(plan, led_brightest_frame(plan, NULL), arena);
    const uint8_t *rgb = led_frame_rgb(&frame, arena);
    int dot = PICTURE_WIDTH / frame.width;
    dot = dot < 4 ? 4 : dot > 16 ? 16 : dot;
    PngPicture picture = {.type = PNG_RGB, .width = frame.width * dot, .height = frame.height * dot, .depth = 8, .stride = 3 * (size_t)frame.width * (size_t)dot};
    uint8_t *rows = arena_alloc_array(arena, (size_t)picture.height, picture.stride);
    double linear[256], lamps[16 * 16][9], glows[16 * 16][9];
    for (int i = 0; i < 256; i++) linear[i] = to_linear(i);
    for (int p = 0; p < dot * dot; p++)
        for (int n = 0; n < 9; n++)
            kernel_at((p % dot + 0.5) / dot - 0.5 - (n % 3 - 1), (p / dot + 0.5) / dot - 0.5 - (n / 3 - 1), 1.0 / dot, &lamps[p][n], &glows[p][n]);
    for (int y = 0; y < picture.height; y++) {
        for (int x = 0; x < picture.width; x++) {
            int p = y % dot * dot + x % dot;
            double light[3];
            for (int c = 0; c < 3; c++) light[c] = HOUSING + (LAMP_OFF - HOUSING) * lamps[p][4];
            for (int n = 0; n < 9; n++) {
                int from_x = x / dot + n % 3 - 1, from_y = y / dot + n / 3 - 1;
                if (from_x < 0 || from_y < 0 || from_x >= frame.width || from_y >= frame.height) continue;
                const uint8_t *color = rgb + 3 * ((size_t)from_y * (size_t)frame.width + (size_t)from_x);
                for (int c = 0; c < 3; c++) light[c] += linear[color[c]] * (lamps[p][n] + glows[p][n]);
            }
            for (int c = 0; c < 3; c++) rows[(size_t)y * picture.stride + 3 * (size_t)x + (size_t)c] = to_srgb(light[c]);
        }
    }
    picture.rows = rows;
    return picture;
}

/* ---- the page ---- */

static const char page_head[] =
    "<!doctype html>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>biaoyu</title>\n<style>\n"
    "body{margin:0;background:#101113;color:#ccc;font:15px/1.6 sans-serif;display:flex;flex-direction:column;min-height:100vh}\n"
    "main{flex:1;display:flex;align-items:center;justify-content:center;overflow:hidden}\n"
    "canvas{border:6px solid #050505;box-shadow:0 0 60px #000}\n"
    "form{display:flex;flex-wrap:wrap;gap:8px 28px;padding:12px 24px;background:#1b1d20;align-items:center}\n"
    "input[type=range]{vertical-align:middle;width:180px}output{display:inline-block;min-width:5em}\n"
    "button{font:inherit;padding:2px 18px}\n</style>\n<main><canvas></canvas></main>\n<form onsubmit=\"return false\">\n"
    "<button id=\"pause\">pause</button>\n"
    "<label>speed <input id=\"speed\" type=\"range\" min=\"-3\" max=\"2\" step=\"1\" value=\"0\"> <output></output></label>\n"
    "<label>distance <input id=\"distance\" type=\"range\" min=\"0\" max=\"100\" value=\"0\"> <output></output></label>\n"
    "<label>frame <input id=\"frame\" type=\"range\" min=\"0\" value=\"0\"> <output></output></label>\n</form>\n<script>\n";

static const char page_script[] =
    "const $ = (id) => document.getElementById(id), canvas = document.querySelector('canvas'), count = shots.length ? starts[starts.length - 1] : 0;\n"
    "const dot = Math.max(2, Math.min(12, Math.floor(4096 / width)));\n"
    "canvas.width = width * dot; canvas.height = height * dot;\n"
    "const gl = canvas.getContext('webgl', {preserveDrawingBuffer: true});\n"
    "const shader = (type, text) => { const s = gl.createShader(type); gl.shaderSource(s, text); gl.compileShader(s); return s; };\n"
    "const program = gl.createProgram();\n"
    "gl.attachShader(program, shader(gl.VERTEX_SHADER, 'attribute vec2 p; varying vec2 at; void main() { at = vec2(p.x + 1., 1. - p.y) / 2.; gl_Position = vec4(p, 0, 1); }'));\n"
    "gl.attachShader(program, shader(gl.FRAGMENT_SHADER, `precision highp float; varying vec2 at; uniform sampler2D frame; uniform vec2 size; uniform float pixel;\n"
    "vec3 linear(vec3 c) { return mix(c / 12.92, pow((c + .055) / 1.055, vec3(2.4)), step(.04045, c)); }\n"
    "vec3 srgb(vec3 c) { return mix(c * 12.92, 1.055 * pow(c, vec3(1. / 2.4)) - .055, step(.0031308, c)); }\n"
    "void main() { vec2 place = at * size, middle = floor(place) + .5; vec3 light = vec3(0);\n"
    "  float here = clamp((radius - length(place - middle)) / pixel + .5, 0., 1.); light += housing + (off - housing) * here;\n"
    "  for (int y = -1; y <= 1; y++) for (int x = -1; x <= 1; x++) { vec2 lamp = middle + vec2(x, y);\n"
    "    if (lamp.x < 0. || lamp.y < 0. || lamp.x > size.x || lamp.y > size.y) continue;\n"
    "    float d = length(place - lamp); light += linear(texture2D(frame, lamp / size).rgb) * (clamp((radius - d) / pixel + .5, 0., 1.) + glow * exp(-d * d / (2. * spread * spread))); }\n"
    "  gl_FragColor = vec4(srgb(min(light, 1.)), 1); }`.replace(/radius|housing|off|glow|spread/g, (name) => lamp[name])));\n"
    "gl.linkProgram(program); gl.useProgram(program);\n"
    "gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer()); gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), gl.STATIC_DRAW);\n"
    "gl.enableVertexAttribArray(0); gl.bindAttribLocation(program, 0, 'p'); gl.vertexAttribPointer(gl.getAttribLocation(program, 'p'), 2, gl.FLOAT, false, 0, 0);\n"
    "gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());\n"
    "for (const [key, value] of [[gl.TEXTURE_MIN_FILTER, gl.NEAREST], [gl.TEXTURE_MAG_FILTER, gl.NEAREST], [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]])\n"
    "  gl.texParameteri(gl.TEXTURE_2D, key, value);\n"
    "gl.uniform2f(gl.getUniformLocation(program, 'size'), width, height); gl.uniform1f(gl.getUniformLocation(program, 'pixel'), 1 / dot);\n"
    "gl.viewport(0, 0, canvas.width, canvas.height);\n"
    "const pictures = shots.map((text) => { const picture = new Image(); picture.src = 'data:image/png;base64,' + text; return picture; });\n"
    "let playing = true, position = 0, last = 0, shown = -1;\n"
    "$('frame').max = count - 1;\n"
    "const tell = (id, text) => { $(id).nextElementSibling.value = text; };\n"
    "const shot = (frame) => { let low = 0, high = shots.length - 1; while (low < high) { const middle = (low + high + 1) >> 1; if (starts[middle] <= frame) low = middle; else high = middle - 1; } return low; };\n"
    "const show = (now) => {\n"
    "  const speed = 2 ** +$('speed').value;\n"
    "  if (playing) position = (position + (now - last) / 1000 * fps * speed) % count;\n"
    "  last = now;\n"
    "  const frame = Math.floor(position), index = shot(frame), picture = pictures[index];\n"
    "  if (index !== shown && picture.complete && picture.naturalWidth) {\n"
    "    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, gl.RGB, gl.UNSIGNED_BYTE, picture); gl.drawArrays(gl.TRIANGLES, 0, 3); shown = index; document.body.dataset.frame = frame;\n"
    "  }\n"
    "  if (playing) $('frame').value = frame;\n"
    "  tell('frame', frame + 1 + ' / ' + count); tell('speed', '\\u00d7 ' + speed);\n"
    "  requestAnimationFrame(show);\n"
    "};\n"
    "// Seen from `metres`, a dot is as large as on this screen at arm's length (0.6 m, 96 px an inch).\n"
    "const stand = () => {\n"
    "  const share = $('distance').value / 100, fit = Math.min((innerWidth - 40) / width, 12), near = pitch * 600 / 1000 * 96 / 25.4 / fit;\n"
    "  const metres = near * Math.max(1, 100 / Math.max(near, 1)) ** share, px = pitch * 600 / (metres * 1000) * 96 / 25.4;\n"
    "  canvas.style.width = Math.max(1, width * px) + 'px'; tell('distance', metres.toFixed(1) + ' m');\n"
    "};\n"
    "$('distance').oninput = stand; addEventListener('resize', stand); stand();\n"
    "$('pause').onclick = () => { playing = !playing; $('pause').textContent = playing ? 'pause' : 'play'; };\n"
    "$('frame').oninput = () => { if (playing) $('pause').onclick(); position = +$('frame').value; };\n"
    "requestAnimationFrame((now) => { last = now; show(now); });\n</script>\n";

static void add_base64(StrBuf *out, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        uint32_t word = (uint32_t)bytes[i] << 16 | (i + 1 < length ? (uint32_t)bytes[i + 1] << 8 : 0) | (i + 2 < length ? bytes[i + 2] : 0);
        char four[4] = {digits[word >> 18], digits[word >> 12 & 63], i + 1 < length ? digits[word >> 6 & 63] : '=', i + 2 < length ? digits[word & 63] : '='};
        strbuf_add_bytes(out, four, 4);
    }
}

static void add_number(StrBuf *out, const char *name, double value, int decimals)
{
    char text[NUM_ROOM];
    strbuf_addf(out, "%s%s", name, num_format(text, value, decimals));
}

/* Frames that only rest are one picture: `starts` says when each begins, and last where the film ends. */
bool led_preview_page(const LedPlan *plan, PngEncoder *encoder, OutFile *file, Arena *arena)
{
    const Screen *screen = plan->screen;
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_add(&out, page_head);
    strbuf_addf(&out, "const width = %d, height = %d, fps = %u", screen->width, screen->height, screen->fps);
    add_number(&out, ", pitch = ", screen->pitch_mm > 0 ? screen->pitch_mm : 10, 3);
    add_number(&out, ", lamp = {radius: '", LAMP_RADIUS, 3);
    add_number(&out, "', off: '", LAMP_OFF, 3);
    add_number(&out, "', housing: '", HOUSING, 3);
    add_number(&out, "', glow: '", GLOW, 3);
    add_number(&out, "', spread: '", GLOW_WIDTH, 3);
    strbuf_add(&out, "'};\nconst starts = [");
    for (size_t i = 0; i < plan->frame_count; i++)
        if (i == 0 || led_frame_original(plan, i) != led_frame_original(plan, i - 1)) strbuf_addf(&out, "%zu,", i);
    strbuf_addf(&out, "%zu];\nconst shots = [\n", plan->frame_count);
    bool ok = file_write(file, out.bytes, out.length);
    Arena *scratch = arena_new(0);
    for (size_t i = 0; scratch && ok && i < plan->frame_count; i++) {
        if (i > 0 && led_frame_original(plan, i) == led_frame_original(plan, i - 1)) continue;
        StrBuf line;
        size_t length;
        arena_reset(scratch);
        strbuf_init(&line, scratch);
        PngPicture frame = led_frame(plan, i, scratch);
        const uint8_t *png = raster_png_encode(encoder, &frame, PNG_LEVEL, &length);
        strbuf_add(&line, "\"");
        add_base64(&line, png, length);
        strbuf_add(&line, "\",\n");
        ok = file_write(file, line.bytes, line.length);
    }
    bool has_memory = scratch != NULL;
    arena_free(scratch);
    return has_memory && ok && file_write(file, "];\n", 3) && file_write(file, page_script, sizeof page_script - 1);
}
