"""GLSL programs of the renderer.

Surface kinds: 0 figure or prop, 1 rubber floor, 2 wood, 3 brick, 4 plaster,
5 foliage, 6 shining (window).
"""

NOISE = """
float hash21(vec2 q){ return fract(sin(dot(q, vec2(127.1, 311.7))) * 43758.5453); }
float value_noise(vec2 q){
  vec2 i = floor(q), f = fract(q); f = f * f * (3. - 2. * f);
  return mix(mix(hash21(i), hash21(i + vec2(1, 0)), f.x),
             mix(hash21(i + vec2(0, 1)), hash21(i + vec2(1, 1)), f.x), f.y);
}
float cloud(vec2 q){
  return .5 * value_noise(q) + .25 * value_noise(q * 2.03) + .125 * value_noise(q * 4.1)
       + .0625 * value_noise(q * 8.3);
}
"""

VERTEX = """
#version 330
uniform mat4 camera; uniform mat4 sun_camera;
uniform vec3 blobs[8]; uniform int blob_count; uniform int kind;
in vec3 in_position; in vec3 in_normal; in vec3 in_colour; in float in_keep;
out vec3 position; out vec3 normal; out vec3 colour;
out float keep; out vec4 in_sun; out float open_;
void main(){
  open_ = 1.;
  if(kind == 0) for(int i = 0; i < blob_count; i++){
    vec3 d = blobs[i] - in_position; float l = length(d) + 1e-5;
    float facing = clamp(dot(in_normal, d / l) * .5 + .5, 0., 1.);
    open_ *= 1. - .42 * facing * exp(-l * l / (.13 * .13));
  }
  position = in_position; normal = in_normal; colour = in_colour; keep = in_keep;
  in_sun = sun_camera * vec4(in_position, 1); gl_Position = camera * vec4(in_position, 1);
}
"""

_LIGHTING = """
uniform vec3 eye, sun_dir, sun_col, sky, ground, fill_dir, fill_col;
uniform float shine, gloss, skin, noise; uniform int kind;
in vec3 position; in vec3 normal; in vec3 colour; in float keep; in vec4 in_sun; in float open_;
%(noise)s
vec3 pattern(vec3 base, vec3 n, inout float shiny, inout float glossy){
  vec3 p = position; vec2 q = p.xz; vec2 wall = vec2((abs(n.z) > .5) ? p.x : p.z, p.y);
  if(kind == 1){
    base *= .8 + .35 * (value_noise(q * 170.) * .6 + value_noise(q * 60.) * .4);
    vec2 tile = abs(fract(q) - .5);
    base *= (max(tile.x, tile.y) > .493) ? .6 : 1.; base *= .9 + .2 * cloud(q * 1.3);
  } else if(kind == 2){
    float row = floor(q.x / .14); float shift = hash21(vec2(row, 3.)) * 2.;
    float id = hash21(vec2(row, floor((q.y + shift) / 1.4)));
    base *= .72 + .25 * id + .35 * cloud(vec2(q.x * 60. + id * 50., q.y * 4.));
    base *= (abs(fract(q.x / .14) - .5) > .485) ? .55 : 1.; shiny = .18; glossy = 30.;
  } else if(kind == 3){
    float row = floor(wall.y / .075); wall.x += .11 * mod(row, 2.);
    vec2 f = vec2(fract(wall.x / .22), fract(wall.y / .075));
    float id = hash21(vec2(floor(wall.x / .22), row)); float brick = step(.04, f.x) * step(.1, f.y);
    base *= mix(.75, .7 + .5 * id, brick) * (.85 + .3 * cloud(wall * 30.));
    if(brick < .5) base = mix(base, vec3(.55), .55);
  } else if(kind == 4){
    base *= .93 + .12 * cloud(wall * 2.) + .03 * value_noise(wall * 80.);
  } else if(kind == 5){
    vec2 leaf = p.xz + p.yy * .7;
    base *= .55 + .55 * cloud(leaf * 7.) + .5 * value_noise(leaf * 60.) * cloud(leaf * 2.);
  }
  return base;
}
vec3 shaded(float lit, vec3 n, vec3 v, float occlusion){
  float shiny = shine, glossy = gloss; vec3 base = colour;
  if(noise > 0.){
    float q = value_noise(position.xy * 90. + position.z * 37.) * .5
            + value_noise(position.xy * 31. + position.z * 23. + 7.) * .5;
    base *= 1. - .22 * noise + .44 * noise * q;
  }
  base = pattern(base, n, shiny, glossy);
  float facing = dot(n, sun_dir); float wrap = .28 * skin + .08;
  vec3 direct = sun_col * clamp((facing + wrap) / (1. + wrap), 0., 1.) * mix(1., lit, .93);
  direct += skin * vec3(.10, .025, .01) * sun_col * exp(-8. * facing * facing) * lit;
  vec3 ambient = mix(ground, sky, n.y * .5 + .5) * occlusion;
  float fill = clamp(dot(n, fill_dir) * .6 + .4, 0., 1.);
  vec3 sum = base * (ambient + direct + fill_col * fill * occlusion);
  vec3 h = normalize(v + sun_dir); float rim = pow(1. - max(dot(n, v), 0.), 4.);
  sum += shiny * sun_col * lit * pow(max(dot(n, h), 0.), glossy) * clamp(facing * 4., 0., 1.);
  sum += shiny * .6 * rim * sky * occlusion;
  return pow(sum / (1. + .18 * sum), vec3(1. / 2.2));
}
"""
_LIGHTING %= {"noise": NOISE}

FRAGMENT = (
    "#version 330\nuniform sampler2DShadow shadows; out vec4 result;\n"
    + _LIGHTING
    + """
void main(){
  if(keep < 0.) discard;
  vec3 n = normalize(normal), v = normalize(eye - position); if(dot(n, v) < 0.) n = -n;
  vec3 q = in_sun.xyz / in_sun.w * .5 + .5; float lit = 1.;
  if(all(greaterThan(q, vec3(0))) && all(lessThan(q, vec3(1)))){
    float bias = .0012 + .0025 * (1. - clamp(dot(n, sun_dir), 0., 1.));
    float turn = hash21(gl_FragCoord.xy) * 6.28; vec2 e = vec2(cos(turn), sin(turn)) * .003;
    vec2 f = vec2(-e.y, e.x) * .6; q.z -= bias;
    lit = .25 * (texture(shadows, vec3(q.xy + e, q.z)) + texture(shadows, vec3(q.xy - e, q.z))
               + texture(shadows, vec3(q.xy + f, q.z)) + texture(shadows, vec3(q.xy - f, q.z)));
  }
  result = vec4(shaded(lit, n, v, open_), 1);
}
"""
)

ROOM_FRAGMENT = (
    "#version 330\nuniform float lit;\n"
    "layout(location=0) out vec4 result; layout(location=1) out vec4 place;\n"
    + _LIGHTING
    + """
void main(){
  place = vec4(position, (normal.y > .9 && position.y < .05) ? 1. : 0.);
  if(kind == 6){ result = vec4(colour, 1); return; }
  result = vec4(shaded(lit, normalize(normal), normalize(eye - position), 1.), 1);
}
"""
)
"""The empty room, drawn once fully lit and once fully shadowed; `place.w` marks the floor."""

SHADOW_VERTEX = """
#version 330
uniform mat4 camera; in vec3 in_position; in float in_keep; out float keep;
void main(){ keep = in_keep; gl_Position = camera * vec4(in_position, 1); }
"""
SHADOW_FRAGMENT = "#version 330\nin float keep; void main(){ if(keep < 0.) discard; }"

SCREEN_VERTEX = """
#version 330
in vec2 in_corner; void main(){ gl_Position = vec4(in_corner, 0, 1); }
"""
SCREEN_FRAGMENT = (
    """
#version 330
uniform sampler2D lit_room, dark_room, places; uniform sampler2DShadow shadows;
uniform mat4 sun_camera; uniform vec3 blobs[8]; uniform int blob_count; out vec4 result;
"""
    + NOISE
    + """
void main(){
  ivec2 here = ivec2(gl_FragCoord.xy); vec4 place = texelFetch(places, here, 0);
  vec3 light = texelFetch(lit_room, here, 0).rgb;
  if(place.w < .5){ result = vec4(light, 1); return; }
  vec4 s = sun_camera * vec4(place.xyz, 1); vec3 q = s.xyz / s.w * .5 + .5; float lit = 1.;
  if(all(greaterThan(q, vec3(0))) && all(lessThan(q, vec3(1)))){
    lit = 0.; float turn = hash21(gl_FragCoord.xy) * 6.28;
    mat2 rotation = mat2(cos(turn), -sin(turn), sin(turn), cos(turn));
    for(int i = 0; i < 8; i++){
      float r = sqrt((float(i) + .5) / 8.) * .006, t = 2.4 * float(i);
      lit += texture(shadows, vec3(q.xy + rotation * vec2(cos(t), sin(t)) * r, q.z - .0015));
    }
    lit /= 8.;
  }
  float open_ = 1.;
  for(int i = 0; i < blob_count; i++){
    float l = length((blobs[i] - place.xyz) * vec3(1, .55, 1));
    open_ *= 1. - .34 * exp(-l * l / (.22 * .22));
  }
  result = vec4(mix(texelFetch(dark_room, here, 0).rgb, light, lit) * mix(1., open_, .85), 1);
}
"""
)
