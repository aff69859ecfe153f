package main

// More types than a script has names for, all of which satisfy one interface.

type t0 [1]byte

func (t *t0) Show() int { return 0 }

type t1 [2]byte

func (t *t1) Show() int { return 1 }

type t2 [3]byte

func (t *t2) Show() int { return 2 }

type t3 [4]byte

func (t *t3) Show() int { return 3 }

type t4 [5]byte

func (t *t4) Show() int { return 4 }

type t5 [6]byte

func (t *t5) Show() int { return 5 }

type t6 [7]byte

func (t *t6) Show() int { return 6 }

type t7 [8]byte

func (t *t7) Show() int { return 7 }

type t8 [9]byte

func (t *t8) Show() int { return 8 }

type t9 [10]byte

func (t *t9) Show() int { return 9 }

type t10 [11]byte

func (t *t10) Show() int { return 10 }

type t11 [12]byte

func (t *t11) Show() int { return 11 }

type t12 [13]byte

func (t *t12) Show() int { return 12 }

type t13 [14]byte

func (t *t13) Show() int { return 13 }

type t14 [15]byte

func (t *t14) Show() int { return 14 }

type t15 [16]byte

func (t *t15) Show() int { return 15 }

type t16 [17]byte

func (t *t16) Show() int { return 16 }

type t17 [18]byte

func (t *t17) Show() int { return 17 }

type t18 [19]byte

func (t *t18) Show() int { return 18 }

type t19 [20]byte

func (t *t19) Show() int { return 19 }

type t20 [21]byte

func (t *t20) Show() int { return 20 }

type t21 [22]byte

func (t *t21) Show() int { return 21 }

type t22 [23]byte

func (t *t22) Show() int { return 22 }

type t23 [24]byte

func (t *t23) Show() int { return 23 }

type t24 [25]byte

func (t *t24) Show() int { return 24 }

type t25 [26]byte

func (t *t25) Show() int { return 25 }

type t26 [27]byte

func (t *t26) Show() int { return 26 }

type t27 [28]byte

func (t *t27) Show() int { return 27 }

type t28 [29]byte

func (t *t28) Show() int { return 28 }

type t29 [30]byte

func (t *t29) Show() int { return 29 }

type t30 [31]byte

func (t *t30) Show() int { return 30 }

type t31 [32]byte

func (t *t31) Show() int { return 31 }

type t32 [33]byte

func (t *t32) Show() int { return 32 }

type t33 [34]byte

func (t *t33) Show() int { return 33 }

type t34 [35]byte

func (t *t34) Show() int { return 34 }

type t35 [36]byte

func (t *t35) Show() int { return 35 }

type t36 [37]byte

func (t *t36) Show() int { return 36 }

type t37 [38]byte

func (t *t37) Show() int { return 37 }

type t38 [39]byte

func (t *t38) Show() int { return 38 }

type t39 [40]byte

func (t *t39) Show() int { return 39 }

type t40 [41]byte

func (t *t40) Show() int { return 40 }

type t41 [42]byte

func (t *t41) Show() int { return 41 }

type t42 [43]byte

func (t *t42) Show() int { return 42 }

type t43 [44]byte

func (t *t43) Show() int { return 43 }

type t44 [45]byte

func (t *t44) Show() int { return 44 }

type t45 [46]byte

func (t *t45) Show() int { return 45 }

type t46 [47]byte

func (t *t46) Show() int { return 46 }

type t47 [48]byte

func (t *t47) Show() int { return 47 }

type t48 [49]byte

func (t *t48) Show() int { return 48 }

type t49 [50]byte

func (t *t49) Show() int { return 49 }

type t50 [51]byte

func (t *t50) Show() int { return 50 }

type t51 [52]byte

func (t *t51) Show() int { return 51 }

type t52 [53]byte

func (t *t52) Show() int { return 52 }

type t53 [54]byte

func (t *t53) Show() int { return 53 }

type t54 [55]byte

func (t *t54) Show() int { return 54 }

type t55 [56]byte

func (t *t55) Show() int { return 55 }

type t56 [57]byte

func (t *t56) Show() int { return 56 }

type t57 [58]byte

func (t *t57) Show() int { return 57 }

type t58 [59]byte

func (t *t58) Show() int { return 58 }

type t59 [60]byte

func (t *t59) Show() int { return 59 }

type t60 [61]byte

func (t *t60) Show() int { return 60 }

type t61 [62]byte

func (t *t61) Show() int { return 61 }

type t62 [63]byte

func (t *t62) Show() int { return 62 }

type t63 [64]byte

func (t *t63) Show() int { return 63 }

type t64 [65]byte

func (t *t64) Show() int { return 64 }

type t65 [66]byte

func (t *t65) Show() int { return 65 }

type t66 [67]byte

func (t *t66) Show() int { return 66 }

type t67 [68]byte

func (t *t67) Show() int { return 67 }

type t68 [69]byte

func (t *t68) Show() int { return 68 }

type t69 [70]byte

func (t *t69) Show() int { return 69 }

type t70 [71]byte

func (t *t70) Show() int { return 70 }

type t71 [72]byte

func (t *t71) Show() int { return 71 }

type t72 [73]byte

func (t *t72) Show() int { return 72 }

type t73 [74]byte

func (t *t73) Show() int { return 73 }

type t74 [75]byte

func (t *t74) Show() int { return 74 }

type t75 [76]byte

func (t *t75) Show() int { return 75 }

type t76 [77]byte

func (t *t76) Show() int { return 76 }

type t77 [78]byte

func (t *t77) Show() int { return 77 }

type t78 [79]byte

func (t *t78) Show() int { return 78 }

type t79 [80]byte

func (t *t79) Show() int { return 79 }

type t80 [81]byte

func (t *t80) Show() int { return 80 }

type t81 [82]byte

func (t *t81) Show() int { return 81 }

type t82 [83]byte

func (t *t82) Show() int { return 82 }

type t83 [84]byte

func (t *t83) Show() int { return 83 }

type t84 [85]byte

func (t *t84) Show() int { return 84 }

type t85 [86]byte

func (t *t85) Show() int { return 85 }

type t86 [87]byte

func (t *t86) Show() int { return 86 }

type t87 [88]byte

func (t *t87) Show() int { return 87 }

type t88 [89]byte

func (t *t88) Show() int { return 88 }

type t89 [90]byte

func (t *t89) Show() int { return 89 }

type t90 [91]byte

func (t *t90) Show() int { return 90 }

type t91 [92]byte

func (t *t91) Show() int { return 91 }

type t92 [93]byte

func (t *t92) Show() int { return 92 }

type t93 [94]byte

func (t *t93) Show() int { return 93 }

type t94 [95]byte

func (t *t94) Show() int { return 94 }

type t95 [96]byte

func (t *t95) Show() int { return 95 }

type t96 [97]byte

func (t *t96) Show() int { return 96 }

type t97 [98]byte

func (t *t97) Show() int { return 97 }

type t98 [99]byte

func (t *t98) Show() int { return 98 }

type t99 [100]byte

func (t *t99) Show() int { return 99 }

type t100 [101]byte

func (t *t100) Show() int { return 100 }

type t101 [102]byte

func (t *t101) Show() int { return 101 }

type t102 [103]byte

func (t *t102) Show() int { return 102 }

type t103 [104]byte

func (t *t103) Show() int { return 103 }

type t104 [105]byte

func (t *t104) Show() int { return 104 }

type t105 [106]byte

func (t *t105) Show() int { return 105 }

type t106 [107]byte

func (t *t106) Show() int { return 106 }

type t107 [108]byte

func (t *t107) Show() int { return 107 }

type t108 [109]byte

func (t *t108) Show() int { return 108 }

type t109 [110]byte

func (t *t109) Show() int { return 109 }

type t110 [111]byte

func (t *t110) Show() int { return 110 }

type t111 [112]byte

func (t *t111) Show() int { return 111 }

type t112 [113]byte

func (t *t112) Show() int { return 112 }

type t113 [114]byte

func (t *t113) Show() int { return 113 }

type t114 [115]byte

func (t *t114) Show() int { return 114 }

type t115 [116]byte

func (t *t115) Show() int { return 115 }

type t116 [117]byte

func (t *t116) Show() int { return 116 }

type t117 [118]byte

func (t *t117) Show() int { return 117 }

type t118 [119]byte

func (t *t118) Show() int { return 118 }

type t119 [120]byte

func (t *t119) Show() int { return 119 }

type t120 [121]byte

func (t *t120) Show() int { return 120 }

type t121 [122]byte

func (t *t121) Show() int { return 121 }

type t122 [123]byte

func (t *t122) Show() int { return 122 }

type t123 [124]byte

func (t *t123) Show() int { return 123 }

type t124 [125]byte

func (t *t124) Show() int { return 124 }

type t125 [126]byte

func (t *t125) Show() int { return 125 }

type t126 [127]byte

func (t *t126) Show() int { return 126 }

type t127 [128]byte

func (t *t127) Show() int { return 127 }

type t128 [129]byte

func (t *t128) Show() int { return 128 }

type t129 [130]byte

func (t *t129) Show() int { return 129 }

type t130 [131]byte

func (t *t130) Show() int { return 130 }

type t131 [132]byte

func (t *t131) Show() int { return 131 }

type t132 [133]byte

func (t *t132) Show() int { return 132 }

type t133 [134]byte

func (t *t133) Show() int { return 133 }

type t134 [135]byte

func (t *t134) Show() int { return 134 }

type t135 [136]byte

func (t *t135) Show() int { return 135 }

type t136 [137]byte

func (t *t136) Show() int { return 136 }

type t137 [138]byte

func (t *t137) Show() int { return 137 }

type t138 [139]byte

func (t *t138) Show() int { return 138 }

type t139 [140]byte

func (t *t139) Show() int { return 139 }

type t140 [141]byte

func (t *t140) Show() int { return 140 }

type t141 [142]byte

func (t *t141) Show() int { return 141 }

type t142 [143]byte

func (t *t142) Show() int { return 142 }

type t143 [144]byte

func (t *t143) Show() int { return 143 }

type t144 [145]byte

func (t *t144) Show() int { return 144 }

type t145 [146]byte

func (t *t145) Show() int { return 145 }

type t146 [147]byte

func (t *t146) Show() int { return 146 }

type t147 [148]byte

func (t *t147) Show() int { return 147 }

type t148 [149]byte

func (t *t148) Show() int { return 148 }

type t149 [150]byte

func (t *t149) Show() int { return 149 }

type t150 [151]byte

func (t *t150) Show() int { return 150 }

type t151 [152]byte

func (t *t151) Show() int { return 151 }

type t152 [153]byte

func (t *t152) Show() int { return 152 }

type t153 [154]byte

func (t *t153) Show() int { return 153 }

type t154 [155]byte

func (t *t154) Show() int { return 154 }

type t155 [156]byte

func (t *t155) Show() int { return 155 }

type t156 [157]byte

func (t *t156) Show() int { return 156 }

type t157 [158]byte

func (t *t157) Show() int { return 157 }

type t158 [159]byte

func (t *t158) Show() int { return 158 }

type t159 [160]byte

func (t *t159) Show() int { return 159 }

type t160 [161]byte

func (t *t160) Show() int { return 160 }

type t161 [162]byte

func (t *t161) Show() int { return 161 }

type t162 [163]byte

func (t *t162) Show() int { return 162 }

type t163 [164]byte

func (t *t163) Show() int { return 163 }

type t164 [165]byte

func (t *t164) Show() int { return 164 }

type t165 [166]byte

func (t *t165) Show() int { return 165 }

type t166 [167]byte

func (t *t166) Show() int { return 166 }

type t167 [168]byte

func (t *t167) Show() int { return 167 }

type t168 [169]byte

func (t *t168) Show() int { return 168 }

type t169 [170]byte

func (t *t169) Show() int { return 169 }

type t170 [171]byte

func (t *t170) Show() int { return 170 }

type t171 [172]byte

func (t *t171) Show() int { return 171 }

type t172 [173]byte

func (t *t172) Show() int { return 172 }

type t173 [174]byte

func (t *t173) Show() int { return 173 }

type t174 [175]byte

func (t *t174) Show() int { return 174 }

type t175 [176]byte

func (t *t175) Show() int { return 175 }

type t176 [177]byte

func (t *t176) Show() int { return 176 }

type t177 [178]byte

func (t *t177) Show() int { return 177 }

type t178 [179]byte

func (t *t178) Show() int { return 178 }

type t179 [180]byte

func (t *t179) Show() int { return 179 }

type t180 [181]byte

func (t *t180) Show() int { return 180 }

type t181 [182]byte

func (t *t181) Show() int { return 181 }

type t182 [183]byte

func (t *t182) Show() int { return 182 }

type t183 [184]byte

func (t *t183) Show() int { return 183 }

type t184 [185]byte

func (t *t184) Show() int { return 184 }

type t185 [186]byte

func (t *t185) Show() int { return 185 }

type t186 [187]byte

func (t *t186) Show() int { return 186 }

type t187 [188]byte

func (t *t187) Show() int { return 187 }

type t188 [189]byte

func (t *t188) Show() int { return 188 }

type t189 [190]byte

func (t *t189) Show() int { return 189 }

type t190 [191]byte

func (t *t190) Show() int { return 190 }

type t191 [192]byte

func (t *t191) Show() int { return 191 }

type t192 [193]byte

func (t *t192) Show() int { return 192 }

type t193 [194]byte

func (t *t193) Show() int { return 193 }

type t194 [195]byte

func (t *t194) Show() int { return 194 }

type t195 [196]byte

func (t *t195) Show() int { return 195 }

type t196 [197]byte

func (t *t196) Show() int { return 196 }

type t197 [198]byte

func (t *t197) Show() int { return 197 }

type t198 [199]byte

func (t *t198) Show() int { return 198 }

type t199 [200]byte

func (t *t199) Show() int { return 199 }

type t200 [201]byte

func (t *t200) Show() int { return 200 }

type t201 [202]byte

func (t *t201) Show() int { return 201 }

type t202 [203]byte

func (t *t202) Show() int { return 202 }

type t203 [204]byte

func (t *t203) Show() int { return 203 }

type t204 [205]byte

func (t *t204) Show() int { return 204 }

type t205 [206]byte

func (t *t205) Show() int { return 205 }

type t206 [207]byte

func (t *t206) Show() int { return 206 }

type t207 [208]byte

func (t *t207) Show() int { return 207 }

type t208 [209]byte

func (t *t208) Show() int { return 208 }

type t209 [210]byte

func (t *t209) Show() int { return 209 }

type t210 [211]byte

func (t *t210) Show() int { return 210 }

type t211 [212]byte

func (t *t211) Show() int { return 211 }

type t212 [213]byte

func (t *t212) Show() int { return 212 }

type t213 [214]byte

func (t *t213) Show() int { return 213 }

type t214 [215]byte

func (t *t214) Show() int { return 214 }

type t215 [216]byte

func (t *t215) Show() int { return 215 }

type t216 [217]byte

func (t *t216) Show() int { return 216 }

type t217 [218]byte

func (t *t217) Show() int { return 217 }

type t218 [219]byte

func (t *t218) Show() int { return 218 }

type t219 [220]byte

func (t *t219) Show() int { return 219 }

type t220 [221]byte

func (t *t220) Show() int { return 220 }

type t221 [222]byte

func (t *t221) Show() int { return 221 }

type t222 [223]byte

func (t *t222) Show() int { return 222 }

type t223 [224]byte

func (t *t223) Show() int { return 223 }

type t224 [225]byte

func (t *t224) Show() int { return 224 }

type t225 [226]byte

func (t *t225) Show() int { return 225 }

type t226 [227]byte

func (t *t226) Show() int { return 226 }

type t227 [228]byte

func (t *t227) Show() int { return 227 }

type t228 [229]byte

func (t *t228) Show() int { return 228 }

type t229 [230]byte

func (t *t229) Show() int { return 229 }

type t230 [231]byte

func (t *t230) Show() int { return 230 }

type t231 [232]byte

func (t *t231) Show() int { return 231 }

type t232 [233]byte

func (t *t232) Show() int { return 232 }

type t233 [234]byte

func (t *t233) Show() int { return 233 }

type t234 [235]byte

func (t *t234) Show() int { return 234 }

type t235 [236]byte

func (t *t235) Show() int { return 235 }

type t236 [237]byte

func (t *t236) Show() int { return 236 }

type t237 [238]byte

func (t *t237) Show() int { return 237 }

type t238 [239]byte

func (t *t238) Show() int { return 238 }

type t239 [240]byte

func (t *t239) Show() int { return 239 }

type t240 [241]byte

func (t *t240) Show() int { return 240 }

type t241 [242]byte

func (t *t241) Show() int { return 241 }

type t242 [243]byte

func (t *t242) Show() int { return 242 }

type t243 [244]byte

func (t *t243) Show() int { return 243 }

type t244 [245]byte

func (t *t244) Show() int { return 244 }

type t245 [246]byte

func (t *t245) Show() int { return 245 }

type t246 [247]byte

func (t *t246) Show() int { return 246 }

type t247 [248]byte

func (t *t247) Show() int { return 247 }

type t248 [249]byte

func (t *t248) Show() int { return 248 }

type t249 [250]byte

func (t *t249) Show() int { return 249 }

type t250 [251]byte

func (t *t250) Show() int { return 250 }

type t251 [252]byte

func (t *t251) Show() int { return 251 }

type t252 [253]byte

func (t *t252) Show() int { return 252 }

type t253 [254]byte

func (t *t253) Show() int { return 253 }

type t254 [255]byte

func (t *t254) Show() int { return 254 }

type t255 [256]byte

func (t *t255) Show() int { return 255 }

type t256 [257]byte

func (t *t256) Show() int { return 256 }

type t257 [258]byte

func (t *t257) Show() int { return 257 }

type t258 [259]byte

func (t *t258) Show() int { return 258 }

type t259 [260]byte

func (t *t259) Show() int { return 259 }

type t260 [261]byte

func (t *t260) Show() int { return 260 }

type t261 [262]byte

func (t *t261) Show() int { return 261 }

type t262 [263]byte

func (t *t262) Show() int { return 262 }

type t263 [264]byte

func (t *t263) Show() int { return 263 }

type t264 [265]byte

func (t *t264) Show() int { return 264 }

type t265 [266]byte

func (t *t265) Show() int { return 265 }

type t266 [267]byte

func (t *t266) Show() int { return 266 }

type t267 [268]byte

func (t *t267) Show() int { return 267 }

type t268 [269]byte

func (t *t268) Show() int { return 268 }

type t269 [270]byte

func (t *t269) Show() int { return 269 }

type t270 [271]byte

func (t *t270) Show() int { return 270 }

type t271 [272]byte

func (t *t271) Show() int { return 271 }

type t272 [273]byte

func (t *t272) Show() int { return 272 }

type t273 [274]byte

func (t *t273) Show() int { return 273 }

type t274 [275]byte

func (t *t274) Show() int { return 274 }

type t275 [276]byte

func (t *t275) Show() int { return 275 }

type t276 [277]byte

func (t *t276) Show() int { return 276 }

type t277 [278]byte

func (t *t277) Show() int { return 277 }

type t278 [279]byte

func (t *t278) Show() int { return 278 }

type t279 [280]byte

func (t *t279) Show() int { return 279 }

type t280 [281]byte

func (t *t280) Show() int { return 280 }

type t281 [282]byte

func (t *t281) Show() int { return 281 }

type t282 [283]byte

func (t *t282) Show() int { return 282 }

type t283 [284]byte

func (t *t283) Show() int { return 283 }

type t284 [285]byte

func (t *t284) Show() int { return 284 }

type t285 [286]byte

func (t *t285) Show() int { return 285 }

type t286 [287]byte

func (t *t286) Show() int { return 286 }

type t287 [288]byte

func (t *t287) Show() int { return 287 }

type t288 [289]byte

func (t *t288) Show() int { return 288 }

type t289 [290]byte

func (t *t289) Show() int { return 289 }

type t290 [291]byte

func (t *t290) Show() int { return 290 }

type t291 [292]byte

func (t *t291) Show() int { return 291 }

type t292 [293]byte

func (t *t292) Show() int { return 292 }

type t293 [294]byte

func (t *t293) Show() int { return 293 }

type t294 [295]byte

func (t *t294) Show() int { return 294 }

type t295 [296]byte

func (t *t295) Show() int { return 295 }

type t296 [297]byte

func (t *t296) Show() int { return 296 }

type t297 [298]byte

func (t *t297) Show() int { return 297 }

type t298 [299]byte

func (t *t298) Show() int { return 298 }

type t299 [300]byte

func (t *t299) Show() int { return 299 }

type t300 [301]byte

func (t *t300) Show() int { return 300 }

type t301 [302]byte

func (t *t301) Show() int { return 301 }

type t302 [303]byte

func (t *t302) Show() int { return 302 }

type t303 [304]byte

func (t *t303) Show() int { return 303 }

type t304 [305]byte

func (t *t304) Show() int { return 304 }

type t305 [306]byte

func (t *t305) Show() int { return 305 }

type t306 [307]byte

func (t *t306) Show() int { return 306 }

type t307 [308]byte

func (t *t307) Show() int { return 307 }

type t308 [309]byte

func (t *t308) Show() int { return 308 }

type t309 [310]byte

func (t *t309) Show() int { return 309 }

type t310 [311]byte

func (t *t310) Show() int { return 310 }

type t311 [312]byte

func (t *t311) Show() int { return 311 }

type t312 [313]byte

func (t *t312) Show() int { return 312 }

type t313 [314]byte

func (t *t313) Show() int { return 313 }

type t314 [315]byte

func (t *t314) Show() int { return 314 }

type t315 [316]byte

func (t *t315) Show() int { return 315 }

type t316 [317]byte

func (t *t316) Show() int { return 316 }

type t317 [318]byte

func (t *t317) Show() int { return 317 }

type t318 [319]byte

func (t *t318) Show() int { return 318 }

type t319 [320]byte

func (t *t319) Show() int { return 319 }

type t320 [321]byte

func (t *t320) Show() int { return 320 }

type t321 [322]byte

func (t *t321) Show() int { return 321 }

type t322 [323]byte

func (t *t322) Show() int { return 322 }

type t323 [324]byte

func (t *t323) Show() int { return 323 }

type t324 [325]byte

func (t *t324) Show() int { return 324 }

type t325 [326]byte

func (t *t325) Show() int { return 325 }

type t326 [327]byte

func (t *t326) Show() int { return 326 }

type t327 [328]byte

func (t *t327) Show() int { return 327 }

type t328 [329]byte

func (t *t328) Show() int { return 328 }

type t329 [330]byte

func (t *t329) Show() int { return 329 }

type t330 [331]byte

func (t *t330) Show() int { return 330 }

type t331 [332]byte

func (t *t331) Show() int { return 331 }

type t332 [333]byte

func (t *t332) Show() int { return 332 }

type t333 [334]byte

func (t *t333) Show() int { return 333 }

type t334 [335]byte

func (t *t334) Show() int { return 334 }

type t335 [336]byte

func (t *t335) Show() int { return 335 }

type t336 [337]byte

func (t *t336) Show() int { return 336 }

type t337 [338]byte

func (t *t337) Show() int { return 337 }

type t338 [339]byte

func (t *t338) Show() int { return 338 }

type t339 [340]byte

func (t *t339) Show() int { return 339 }

type t340 [341]byte

func (t *t340) Show() int { return 340 }

type t341 [342]byte

func (t *t341) Show() int { return 341 }

type t342 [343]byte

func (t *t342) Show() int { return 342 }

type t343 [344]byte

func (t *t343) Show() int { return 343 }

type t344 [345]byte

func (t *t344) Show() int { return 344 }

type t345 [346]byte

func (t *t345) Show() int { return 345 }

type t346 [347]byte

func (t *t346) Show() int { return 346 }

type t347 [348]byte

func (t *t347) Show() int { return 347 }

type t348 [349]byte

func (t *t348) Show() int { return 348 }

type t349 [350]byte

func (t *t349) Show() int { return 349 }

type t350 [351]byte

func (t *t350) Show() int { return 350 }

type t351 [352]byte

func (t *t351) Show() int { return 351 }

type t352 [353]byte

func (t *t352) Show() int { return 352 }

type t353 [354]byte

func (t *t353) Show() int { return 353 }

type t354 [355]byte

func (t *t354) Show() int { return 354 }

type t355 [356]byte

func (t *t355) Show() int { return 355 }

type t356 [357]byte

func (t *t356) Show() int { return 356 }

type t357 [358]byte

func (t *t357) Show() int { return 357 }

type t358 [359]byte

func (t *t358) Show() int { return 358 }

type t359 [360]byte

func (t *t359) Show() int { return 359 }

type t360 [361]byte

func (t *t360) Show() int { return 360 }

type t361 [362]byte

func (t *t361) Show() int { return 361 }

type t362 [363]byte

func (t *t362) Show() int { return 362 }

type t363 [364]byte

func (t *t363) Show() int { return 363 }

type t364 [365]byte

func (t *t364) Show() int { return 364 }

type t365 [366]byte

func (t *t365) Show() int { return 365 }

type t366 [367]byte

func (t *t366) Show() int { return 366 }

type t367 [368]byte

func (t *t367) Show() int { return 367 }

type t368 [369]byte

func (t *t368) Show() int { return 368 }

type t369 [370]byte

func (t *t369) Show() int { return 369 }

type t370 [371]byte

func (t *t370) Show() int { return 370 }

type t371 [372]byte

func (t *t371) Show() int { return 371 }

type t372 [373]byte

func (t *t372) Show() int { return 372 }

type t373 [374]byte

func (t *t373) Show() int { return 373 }

type t374 [375]byte

func (t *t374) Show() int { return 374 }

type t375 [376]byte

func (t *t375) Show() int { return 375 }

type t376 [377]byte

func (t *t376) Show() int { return 376 }

type t377 [378]byte

func (t *t377) Show() int { return 377 }

type t378 [379]byte

func (t *t378) Show() int { return 378 }

type t379 [380]byte

func (t *t379) Show() int { return 379 }

type t380 [381]byte

func (t *t380) Show() int { return 380 }

type t381 [382]byte

func (t *t381) Show() int { return 381 }

type t382 [383]byte

func (t *t382) Show() int { return 382 }

type t383 [384]byte

func (t *t383) Show() int { return 383 }

type t384 [385]byte

func (t *t384) Show() int { return 384 }

type t385 [386]byte

func (t *t385) Show() int { return 385 }

type t386 [387]byte

func (t *t386) Show() int { return 386 }

type t387 [388]byte

func (t *t387) Show() int { return 387 }

type t388 [389]byte

func (t *t388) Show() int { return 388 }

type t389 [390]byte

func (t *t389) Show() int { return 389 }

type t390 [391]byte

func (t *t390) Show() int { return 390 }

type t391 [392]byte

func (t *t391) Show() int { return 391 }

type t392 [393]byte

func (t *t392) Show() int { return 392 }

type t393 [394]byte

func (t *t393) Show() int { return 393 }

type t394 [395]byte

func (t *t394) Show() int { return 394 }

type t395 [396]byte

func (t *t395) Show() int { return 395 }

type t396 [397]byte

func (t *t396) Show() int { return 396 }

type t397 [398]byte

func (t *t397) Show() int { return 397 }

type t398 [399]byte

func (t *t398) Show() int { return 398 }

type t399 [400]byte

func (t *t399) Show() int { return 399 }

type t400 [401]byte

func (t *t400) Show() int { return 400 }

type t401 [402]byte

func (t *t401) Show() int { return 401 }

type t402 [403]byte

func (t *t402) Show() int { return 402 }

type t403 [404]byte

func (t *t403) Show() int { return 403 }

type t404 [405]byte

func (t *t404) Show() int { return 404 }

type t405 [406]byte

func (t *t405) Show() int { return 405 }

type t406 [407]byte

func (t *t406) Show() int { return 406 }

type t407 [408]byte

func (t *t407) Show() int { return 407 }

type t408 [409]byte

func (t *t408) Show() int { return 408 }

type t409 [410]byte

func (t *t409) Show() int { return 409 }

type t410 [411]byte

func (t *t410) Show() int { return 410 }

type t411 [412]byte

func (t *t411) Show() int { return 411 }

type t412 [413]byte

func (t *t412) Show() int { return 412 }

type t413 [414]byte

func (t *t413) Show() int { return 413 }

type t414 [415]byte

func (t *t414) Show() int { return 414 }

type t415 [416]byte

func (t *t415) Show() int { return 415 }

type t416 [417]byte

func (t *t416) Show() int { return 416 }

type t417 [418]byte

func (t *t417) Show() int { return 417 }

type t418 [419]byte

func (t *t418) Show() int { return 418 }

type t419 [420]byte

func (t *t419) Show() int { return 419 }

type t420 [421]byte

func (t *t420) Show() int { return 420 }

type t421 [422]byte

func (t *t421) Show() int { return 421 }

type t422 [423]byte

func (t *t422) Show() int { return 422 }

type t423 [424]byte

func (t *t423) Show() int { return 423 }

type t424 [425]byte

func (t *t424) Show() int { return 424 }

type t425 [426]byte

func (t *t425) Show() int { return 425 }

type t426 [427]byte

func (t *t426) Show() int { return 426 }

type t427 [428]byte

func (t *t427) Show() int { return 427 }

type t428 [429]byte

func (t *t428) Show() int { return 428 }

type t429 [430]byte

func (t *t429) Show() int { return 429 }

type t430 [431]byte

func (t *t430) Show() int { return 430 }

type t431 [432]byte

func (t *t431) Show() int { return 431 }

type t432 [433]byte

func (t *t432) Show() int { return 432 }

type t433 [434]byte

func (t *t433) Show() int { return 433 }

type t434 [435]byte

func (t *t434) Show() int { return 434 }

type t435 [436]byte

func (t *t435) Show() int { return 435 }

type t436 [437]byte

func (t *t436) Show() int { return 436 }

type t437 [438]byte

func (t *t437) Show() int { return 437 }

type t438 [439]byte

func (t *t438) Show() int { return 438 }

type t439 [440]byte

func (t *t439) Show() int { return 439 }

type t440 [441]byte

func (t *t440) Show() int { return 440 }

type t441 [442]byte

func (t *t441) Show() int { return 441 }

type t442 [443]byte

func (t *t442) Show() int { return 442 }

type t443 [444]byte

func (t *t443) Show() int { return 443 }

type t444 [445]byte

func (t *t444) Show() int { return 444 }

type t445 [446]byte

func (t *t445) Show() int { return 445 }

type t446 [447]byte

func (t *t446) Show() int { return 446 }

type t447 [448]byte

func (t *t447) Show() int { return 447 }

type t448 [449]byte

func (t *t448) Show() int { return 448 }

type t449 [450]byte

func (t *t449) Show() int { return 449 }

type t450 [451]byte

func (t *t450) Show() int { return 450 }

type t451 [452]byte

func (t *t451) Show() int { return 451 }

type t452 [453]byte

func (t *t452) Show() int { return 452 }

type t453 [454]byte

func (t *t453) Show() int { return 453 }

type t454 [455]byte

func (t *t454) Show() int { return 454 }

type t455 [456]byte

func (t *t455) Show() int { return 455 }

type t456 [457]byte

func (t *t456) Show() int { return 456 }

type t457 [458]byte

func (t *t457) Show() int { return 457 }

type t458 [459]byte

func (t *t458) Show() int { return 458 }

type t459 [460]byte

func (t *t459) Show() int { return 459 }

type t460 [461]byte

func (t *t460) Show() int { return 460 }

type t461 [462]byte

func (t *t461) Show() int { return 461 }

type t462 [463]byte

func (t *t462) Show() int { return 462 }

type t463 [464]byte

func (t *t463) Show() int { return 463 }

type t464 [465]byte

func (t *t464) Show() int { return 464 }

type t465 [466]byte

func (t *t465) Show() int { return 465 }

type t466 [467]byte

func (t *t466) Show() int { return 466 }

type t467 [468]byte

func (t *t467) Show() int { return 467 }

type t468 [469]byte

func (t *t468) Show() int { return 468 }

type t469 [470]byte

func (t *t469) Show() int { return 469 }

type t470 [471]byte

func (t *t470) Show() int { return 470 }

type t471 [472]byte

func (t *t471) Show() int { return 471 }

type t472 [473]byte

func (t *t472) Show() int { return 472 }

type t473 [474]byte

func (t *t473) Show() int { return 473 }

type t474 [475]byte

func (t *t474) Show() int { return 474 }

type t475 [476]byte

func (t *t475) Show() int { return 475 }

type t476 [477]byte

func (t *t476) Show() int { return 476 }

type t477 [478]byte

func (t *t477) Show() int { return 477 }

type t478 [479]byte

func (t *t478) Show() int { return 478 }

type t479 [480]byte

func (t *t479) Show() int { return 479 }

type t480 [481]byte

func (t *t480) Show() int { return 480 }

type t481 [482]byte

func (t *t481) Show() int { return 481 }

type t482 [483]byte

func (t *t482) Show() int { return 482 }

type t483 [484]byte

func (t *t483) Show() int { return 483 }

type t484 [485]byte

func (t *t484) Show() int { return 484 }

type t485 [486]byte

func (t *t485) Show() int { return 485 }

type t486 [487]byte

func (t *t486) Show() int { return 486 }

type t487 [488]byte

func (t *t487) Show() int { return 487 }

type t488 [489]byte

func (t *t488) Show() int { return 488 }

type t489 [490]byte

func (t *t489) Show() int { return 489 }

type t490 [491]byte

func (t *t490) Show() int { return 490 }

type t491 [492]byte

func (t *t491) Show() int { return 491 }

type t492 [493]byte

func (t *t492) Show() int { return 492 }

type t493 [494]byte

func (t *t493) Show() int { return 493 }

type t494 [495]byte

func (t *t494) Show() int { return 494 }

type t495 [496]byte

func (t *t495) Show() int { return 495 }

type t496 [497]byte

func (t *t496) Show() int { return 496 }

type t497 [498]byte

func (t *t497) Show() int { return 497 }

type t498 [499]byte

func (t *t498) Show() int { return 498 }

type t499 [500]byte

func (t *t499) Show() int { return 499 }

type t500 [501]byte

func (t *t500) Show() int { return 500 }

type t501 [502]byte

func (t *t501) Show() int { return 501 }

type t502 [503]byte

func (t *t502) Show() int { return 502 }

type t503 [504]byte

func (t *t503) Show() int { return 503 }

type t504 [505]byte

func (t *t504) Show() int { return 504 }

type t505 [506]byte

func (t *t505) Show() int { return 505 }

type t506 [507]byte

func (t *t506) Show() int { return 506 }

type t507 [508]byte

func (t *t507) Show() int { return 507 }

type t508 [509]byte

func (t *t508) Show() int { return 508 }

type t509 [510]byte

func (t *t509) Show() int { return 509 }

type t510 [511]byte

func (t *t510) Show() int { return 510 }

type t511 [512]byte

func (t *t511) Show() int { return 511 }

type t512 [513]byte

func (t *t512) Show() int { return 512 }

type t513 [514]byte

func (t *t513) Show() int { return 513 }

type t514 [515]byte

func (t *t514) Show() int { return 514 }

type t515 [516]byte

func (t *t515) Show() int { return 515 }

type t516 [517]byte

func (t *t516) Show() int { return 516 }

type t517 [518]byte

func (t *t517) Show() int { return 517 }

type t518 [519]byte

func (t *t518) Show() int { return 518 }

type t519 [520]byte

func (t *t519) Show() int { return 519 }

type t520 [521]byte

func (t *t520) Show() int { return 520 }

type t521 [522]byte

func (t *t521) Show() int { return 521 }

type t522 [523]byte

func (t *t522) Show() int { return 522 }

type t523 [524]byte

func (t *t523) Show() int { return 523 }

type t524 [525]byte

func (t *t524) Show() int { return 524 }

type t525 [526]byte

func (t *t525) Show() int { return 525 }

type t526 [527]byte

func (t *t526) Show() int { return 526 }

type t527 [528]byte

func (t *t527) Show() int { return 527 }

type t528 [529]byte

func (t *t528) Show() int { return 528 }

type t529 [530]byte

func (t *t529) Show() int { return 529 }

type t530 [531]byte

func (t *t530) Show() int { return 530 }

type t531 [532]byte

func (t *t531) Show() int { return 531 }

type t532 [533]byte

func (t *t532) Show() int { return 532 }

type t533 [534]byte

func (t *t533) Show() int { return 533 }

type t534 [535]byte

func (t *t534) Show() int { return 534 }

type t535 [536]byte

func (t *t535) Show() int { return 535 }

type t536 [537]byte

func (t *t536) Show() int { return 536 }

type t537 [538]byte

func (t *t537) Show() int { return 537 }

type t538 [539]byte

func (t *t538) Show() int { return 538 }

type t539 [540]byte

func (t *t539) Show() int { return 539 }

type t540 [541]byte

func (t *t540) Show() int { return 540 }

type t541 [542]byte

func (t *t541) Show() int { return 541 }

type t542 [543]byte

func (t *t542) Show() int { return 542 }

type t543 [544]byte

func (t *t543) Show() int { return 543 }

type t544 [545]byte

func (t *t544) Show() int { return 544 }

type t545 [546]byte

func (t *t545) Show() int { return 545 }

type t546 [547]byte

func (t *t546) Show() int { return 546 }

type t547 [548]byte

func (t *t547) Show() int { return 547 }

type t548 [549]byte

func (t *t548) Show() int { return 548 }

type t549 [550]byte

func (t *t549) Show() int { return 549 }

type t550 [551]byte

func (t *t550) Show() int { return 550 }

type t551 [552]byte

func (t *t551) Show() int { return 551 }

type t552 [553]byte

func (t *t552) Show() int { return 552 }

type t553 [554]byte

func (t *t553) Show() int { return 553 }

type t554 [555]byte

func (t *t554) Show() int { return 554 }

type t555 [556]byte

func (t *t555) Show() int { return 555 }

type t556 [557]byte

func (t *t556) Show() int { return 556 }

type t557 [558]byte

func (t *t557) Show() int { return 557 }

type t558 [559]byte

func (t *t558) Show() int { return 558 }

type t559 [560]byte

func (t *t559) Show() int { return 559 }

type t560 [561]byte

func (t *t560) Show() int { return 560 }

type t561 [562]byte

func (t *t561) Show() int { return 561 }

type t562 [563]byte

func (t *t562) Show() int { return 562 }

type t563 [564]byte

func (t *t563) Show() int { return 563 }

type t564 [565]byte

func (t *t564) Show() int { return 564 }

type t565 [566]byte

func (t *t565) Show() int { return 565 }

type t566 [567]byte

func (t *t566) Show() int { return 566 }

type t567 [568]byte

func (t *t567) Show() int { return 567 }

type t568 [569]byte

func (t *t568) Show() int { return 568 }

type t569 [570]byte

func (t *t569) Show() int { return 569 }

type t570 [571]byte

func (t *t570) Show() int { return 570 }

type t571 [572]byte

func (t *t571) Show() int { return 571 }

type t572 [573]byte

func (t *t572) Show() int { return 572 }

type t573 [574]byte

func (t *t573) Show() int { return 573 }

type t574 [575]byte

func (t *t574) Show() int { return 574 }

type t575 [576]byte

func (t *t575) Show() int { return 575 }

type t576 [577]byte

func (t *t576) Show() int { return 576 }

type t577 [578]byte

func (t *t577) Show() int { return 577 }

type t578 [579]byte

func (t *t578) Show() int { return 578 }

type t579 [580]byte

func (t *t579) Show() int { return 579 }

type t580 [581]byte

func (t *t580) Show() int { return 580 }

type t581 [582]byte

func (t *t581) Show() int { return 581 }

type t582 [583]byte

func (t *t582) Show() int { return 582 }

type t583 [584]byte

func (t *t583) Show() int { return 583 }

type t584 [585]byte

func (t *t584) Show() int { return 584 }

type t585 [586]byte

func (t *t585) Show() int { return 585 }

type t586 [587]byte

func (t *t586) Show() int { return 586 }

type t587 [588]byte

func (t *t587) Show() int { return 587 }

type t588 [589]byte

func (t *t588) Show() int { return 588 }

type t589 [590]byte

func (t *t589) Show() int { return 589 }

type t590 [591]byte

func (t *t590) Show() int { return 590 }

type t591 [592]byte

func (t *t591) Show() int { return 591 }

type t592 [593]byte

func (t *t592) Show() int { return 592 }

type t593 [594]byte

func (t *t593) Show() int { return 593 }

type t594 [595]byte

func (t *t594) Show() int { return 594 }

type t595 [596]byte

func (t *t595) Show() int { return 595 }

type t596 [597]byte

func (t *t596) Show() int { return 596 }

type t597 [598]byte

func (t *t597) Show() int { return 597 }

type t598 [599]byte

func (t *t598) Show() int { return 598 }

type t599 [600]byte

func (t *t599) Show() int { return 599 }

type t600 [601]byte

func (t *t600) Show() int { return 600 }

type t601 [602]byte

func (t *t601) Show() int { return 601 }

type t602 [603]byte

func (t *t602) Show() int { return 602 }

type t603 [604]byte

func (t *t603) Show() int { return 603 }

type t604 [605]byte

func (t *t604) Show() int { return 604 }

type t605 [606]byte

func (t *t605) Show() int { return 605 }

type t606 [607]byte

func (t *t606) Show() int { return 606 }

type t607 [608]byte

func (t *t607) Show() int { return 607 }

type t608 [609]byte

func (t *t608) Show() int { return 608 }

type t609 [610]byte

func (t *t609) Show() int { return 609 }

type t610 [611]byte

func (t *t610) Show() int { return 610 }

type t611 [612]byte

func (t *t611) Show() int { return 611 }

type t612 [613]byte

func (t *t612) Show() int { return 612 }

type t613 [614]byte

func (t *t613) Show() int { return 613 }

type t614 [615]byte

func (t *t614) Show() int { return 614 }

type t615 [616]byte

func (t *t615) Show() int { return 615 }

type t616 [617]byte

func (t *t616) Show() int { return 616 }

type t617 [618]byte

func (t *t617) Show() int { return 617 }

type t618 [619]byte

func (t *t618) Show() int { return 618 }

type t619 [620]byte

func (t *t619) Show() int { return 619 }

type t620 [621]byte

func (t *t620) Show() int { return 620 }

type t621 [622]byte

func (t *t621) Show() int { return 621 }

type t622 [623]byte

func (t *t622) Show() int { return 622 }

type t623 [624]byte

func (t *t623) Show() int { return 623 }

type t624 [625]byte

func (t *t624) Show() int { return 624 }

type t625 [626]byte

func (t *t625) Show() int { return 625 }

type t626 [627]byte

func (t *t626) Show() int { return 626 }

type t627 [628]byte

func (t *t627) Show() int { return 627 }

type t628 [629]byte

func (t *t628) Show() int { return 628 }

type t629 [630]byte

func (t *t629) Show() int { return 629 }

type t630 [631]byte

func (t *t630) Show() int { return 630 }

type t631 [632]byte

func (t *t631) Show() int { return 631 }

type t632 [633]byte

func (t *t632) Show() int { return 632 }

type t633 [634]byte

func (t *t633) Show() int { return 633 }

type t634 [635]byte

func (t *t634) Show() int { return 634 }

type t635 [636]byte

func (t *t635) Show() int { return 635 }

type t636 [637]byte

func (t *t636) Show() int { return 636 }

type t637 [638]byte

func (t *t637) Show() int { return 637 }

type t638 [639]byte

func (t *t638) Show() int { return 638 }

type t639 [640]byte

func (t *t639) Show() int { return 639 }

type t640 [641]byte

func (t *t640) Show() int { return 640 }

type t641 [642]byte

func (t *t641) Show() int { return 641 }

type t642 [643]byte

func (t *t642) Show() int { return 642 }

type t643 [644]byte

func (t *t643) Show() int { return 643 }

type t644 [645]byte

func (t *t644) Show() int { return 644 }

type t645 [646]byte

func (t *t645) Show() int { return 645 }

type t646 [647]byte

func (t *t646) Show() int { return 646 }

type t647 [648]byte

func (t *t647) Show() int { return 647 }

type t648 [649]byte

func (t *t648) Show() int { return 648 }

type t649 [650]byte

func (t *t649) Show() int { return 649 }

type t650 [651]byte

func (t *t650) Show() int { return 650 }

type t651 [652]byte

func (t *t651) Show() int { return 651 }

type t652 [653]byte

func (t *t652) Show() int { return 652 }

type t653 [654]byte

func (t *t653) Show() int { return 653 }

type t654 [655]byte

func (t *t654) Show() int { return 654 }

type t655 [656]byte

func (t *t655) Show() int { return 655 }

type t656 [657]byte

func (t *t656) Show() int { return 656 }

type t657 [658]byte

func (t *t657) Show() int { return 657 }

type t658 [659]byte

func (t *t658) Show() int { return 658 }

type t659 [660]byte

func (t *t659) Show() int { return 659 }

type t660 [661]byte

func (t *t660) Show() int { return 660 }

type t661 [662]byte

func (t *t661) Show() int { return 661 }

type t662 [663]byte

func (t *t662) Show() int { return 662 }

type t663 [664]byte

func (t *t663) Show() int { return 663 }

type t664 [665]byte

func (t *t664) Show() int { return 664 }

type t665 [666]byte

func (t *t665) Show() int { return 665 }

type t666 [667]byte

func (t *t666) Show() int { return 666 }

type t667 [668]byte

func (t *t667) Show() int { return 667 }

type t668 [669]byte

func (t *t668) Show() int { return 668 }

type t669 [670]byte

func (t *t669) Show() int { return 669 }

type t670 [671]byte

func (t *t670) Show() int { return 670 }

type t671 [672]byte

func (t *t671) Show() int { return 671 }

type t672 [673]byte

func (t *t672) Show() int { return 672 }

type t673 [674]byte

func (t *t673) Show() int { return 673 }

type t674 [675]byte

func (t *t674) Show() int { return 674 }

type t675 [676]byte

func (t *t675) Show() int { return 675 }

type t676 [677]byte

func (t *t676) Show() int { return 676 }

type t677 [678]byte

func (t *t677) Show() int { return 677 }

type t678 [679]byte

func (t *t678) Show() int { return 678 }

type t679 [680]byte

func (t *t679) Show() int { return 679 }

type t680 [681]byte

func (t *t680) Show() int { return 680 }

type t681 [682]byte

func (t *t681) Show() int { return 681 }

type t682 [683]byte

func (t *t682) Show() int { return 682 }

type t683 [684]byte

func (t *t683) Show() int { return 683 }

type t684 [685]byte

func (t *t684) Show() int { return 684 }

type t685 [686]byte

func (t *t685) Show() int { return 685 }

type t686 [687]byte

func (t *t686) Show() int { return 686 }

type t687 [688]byte

func (t *t687) Show() int { return 687 }

type t688 [689]byte

func (t *t688) Show() int { return 688 }

type t689 [690]byte

func (t *t689) Show() int { return 689 }

type t690 [691]byte

func (t *t690) Show() int { return 690 }

type t691 [692]byte

func (t *t691) Show() int { return 691 }

type t692 [693]byte

func (t *t692) Show() int { return 692 }

type t693 [694]byte

func (t *t693) Show() int { return 693 }

type t694 [695]byte

func (t *t694) Show() int { return 694 }

type t695 [696]byte

func (t *t695) Show() int { return 695 }

type t696 [697]byte

func (t *t696) Show() int { return 696 }

type t697 [698]byte

func (t *t697) Show() int { return 697 }

type t698 [699]byte

func (t *t698) Show() int { return 698 }

type t699 [700]byte

func (t *t699) Show() int { return 699 }

var showers = []shower{
	new(t0), new(t1), new(t2), new(t3), new(t4), new(t5), new(t6), new(t7), new(t8), new(t9),
	new(t10), new(t11), new(t12), new(t13), new(t14), new(t15), new(t16), new(t17), new(t18), new(t19),
	new(t20), new(t21), new(t22), new(t23), new(t24), new(t25), new(t26), new(t27), new(t28), new(t29),
	new(t30), new(t31), new(t32), new(t33), new(t34), new(t35), new(t36), new(t37), new(t38), new(t39),
	new(t40), new(t41), new(t42), new(t43), new(t44), new(t45), new(t46), new(t47), new(t48), new(t49),
	new(t50), new(t51), new(t52), new(t53), new(t54), new(t55), new(t56), new(t57), new(t58), new(t59),
	new(t60), new(t61), new(t62), new(t63), new(t64), new(t65), new(t66), new(t67), new(t68), new(t69),
	new(t70), new(t71), new(t72), new(t73), new(t74), new(t75), new(t76), new(t77), new(t78), new(t79),
	new(t80), new(t81), new(t82), new(t83), new(t84), new(t85), new(t86), new(t87), new(t88), new(t89),
	new(t90), new(t91), new(t92), new(t93), new(t94), new(t95), new(t96), new(t97), new(t98), new(t99),
	new(t100), new(t101), new(t102), new(t103), new(t104), new(t105), new(t106), new(t107), new(t108), new(t109),
	new(t110), new(t111), new(t112), new(t113), new(t114), new(t115), new(t116), new(t117), new(t118), new(t119),
	new(t120), new(t121), new(t122), new(t123), new(t124), new(t125), new(t126), new(t127), new(t128), new(t129),
	new(t130), new(t131), new(t132), new(t133), new(t134), new(t135), new(t136), new(t137), new(t138), new(t139),
	new(t140), new(t141), new(t142), new(t143), new(t144), new(t145), new(t146), new(t147), new(t148), new(t149),
	new(t150), new(t151), new(t152), new(t153), new(t154), new(t155), new(t156), new(t157), new(t158), new(t159),
	new(t160), new(t161), new(t162), new(t163), new(t164), new(t165), new(t166), new(t167), new(t168), new(t169),
	new(t170), new(t171), new(t172), new(t173), new(t174), new(t175), new(t176), new(t177), new(t178), new(t179),
	new(t180), new(t181), new(t182), new(t183), new(t184), new(t185), new(t186), new(t187), new(t188), new(t189),
	new(t190), new(t191), new(t192), new(t193), new(t194), new(t195), new(t196), new(t197), new(t198), new(t199),
	new(t200), new(t201), new(t202), new(t203), new(t204), new(t205), new(t206), new(t207), new(t208), new(t209),
	new(t210), new(t211), new(t212), new(t213), new(t214), new(t215), new(t216), new(t217), new(t218), new(t219),
	new(t220), new(t221), new(t222), new(t223), new(t224), new(t225), new(t226), new(t227), new(t228), new(t229),
	new(t230), new(t231), new(t232), new(t233), new(t234), new(t235), new(t236), new(t237), new(t238), new(t239),
	new(t240), new(t241), new(t242), new(t243), new(t244), new(t245), new(t246), new(t247), new(t248), new(t249),
	new(t250), new(t251), new(t252), new(t253), new(t254), new(t255), new(t256), new(t257), new(t258), new(t259),
	new(t260), new(t261), new(t262), new(t263), new(t264), new(t265), new(t266), new(t267), new(t268), new(t269),
	new(t270), new(t271), new(t272), new(t273), new(t274), new(t275), new(t276), new(t277), new(t278), new(t279),
	new(t280), new(t281), new(t282), new(t283), new(t284), new(t285), new(t286), new(t287), new(t288), new(t289),
	new(t290), new(t291), new(t292), new(t293), new(t294), new(t295), new(t296), new(t297), new(t298), new(t299),
	new(t300), new(t301), new(t302), new(t303), new(t304), new(t305), new(t306), new(t307), new(t308), new(t309),
	new(t310), new(t311), new(t312), new(t313), new(t314), new(t315), new(t316), new(t317), new(t318), new(t319),
	new(t320), new(t321), new(t322), new(t323), new(t324), new(t325), new(t326), new(t327), new(t328), new(t329),
	new(t330), new(t331), new(t332), new(t333), new(t334), new(t335), new(t336), new(t337), new(t338), new(t339),
	new(t340), new(t341), new(t342), new(t343), new(t344), new(t345), new(t346), new(t347), new(t348), new(t349),
	new(t350), new(t351), new(t352), new(t353), new(t354), new(t355), new(t356), new(t357), new(t358), new(t359),
	new(t360), new(t361), new(t362), new(t363), new(t364), new(t365), new(t366), new(t367), new(t368), new(t369),
	new(t370), new(t371), new(t372), new(t373), new(t374), new(t375), new(t376), new(t377), new(t378), new(t379),
	new(t380), new(t381), new(t382), new(t383), new(t384), new(t385), new(t386), new(t387), new(t388), new(t389),
	new(t390), new(t391), new(t392), new(t393), new(t394), new(t395), new(t396), new(t397), new(t398), new(t399),
	new(t400), new(t401), new(t402), new(t403), new(t404), new(t405), new(t406), new(t407), new(t408), new(t409),
	new(t410), new(t411), new(t412), new(t413), new(t414), new(t415), new(t416), new(t417), new(t418), new(t419),
	new(t420), new(t421), new(t422), new(t423), new(t424), new(t425), new(t426), new(t427), new(t428), new(t429),
	new(t430), new(t431), new(t432), new(t433), new(t434), new(t435), new(t436), new(t437), new(t438), new(t439),
	new(t440), new(t441), new(t442), new(t443), new(t444), new(t445), new(t446), new(t447), new(t448), new(t449),
	new(t450), new(t451), new(t452), new(t453), new(t454), new(t455), new(t456), new(t457), new(t458), new(t459),
	new(t460), new(t461), new(t462), new(t463), new(t464), new(t465), new(t466), new(t467), new(t468), new(t469),
	new(t470), new(t471), new(t472), new(t473), new(t474), new(t475), new(t476), new(t477), new(t478), new(t479),
	new(t480), new(t481), new(t482), new(t483), new(t484), new(t485), new(t486), new(t487), new(t488), new(t489),
	new(t490), new(t491), new(t492), new(t493), new(t494), new(t495), new(t496), new(t497), new(t498), new(t499),
	new(t500), new(t501), new(t502), new(t503), new(t504), new(t505), new(t506), new(t507), new(t508), new(t509),
	new(t510), new(t511), new(t512), new(t513), new(t514), new(t515), new(t516), new(t517), new(t518), new(t519),
	new(t520), new(t521), new(t522), new(t523), new(t524), new(t525), new(t526), new(t527), new(t528), new(t529),
	new(t530), new(t531), new(t532), new(t533), new(t534), new(t535), new(t536), new(t537), new(t538), new(t539),
	new(t540), new(t541), new(t542), new(t543), new(t544), new(t545), new(t546), new(t547), new(t548), new(t549),
	new(t550), new(t551), new(t552), new(t553), new(t554), new(t555), new(t556), new(t557), new(t558), new(t559),
	new(t560), new(t561), new(t562), new(t563), new(t564), new(t565), new(t566), new(t567), new(t568), new(t569),
	new(t570), new(t571), new(t572), new(t573), new(t574), new(t575), new(t576), new(t577), new(t578), new(t579),
	new(t580), new(t581), new(t582), new(t583), new(t584), new(t585), new(t586), new(t587), new(t588), new(t589),
	new(t590), new(t591), new(t592), new(t593), new(t594), new(t595), new(t596), new(t597), new(t598), new(t599),
	new(t600), new(t601), new(t602), new(t603), new(t604), new(t605), new(t606), new(t607), new(t608), new(t609),
	new(t610), new(t611), new(t612), new(t613), new(t614), new(t615), new(t616), new(t617), new(t618), new(t619),
	new(t620), new(t621), new(t622), new(t623), new(t624), new(t625), new(t626), new(t627), new(t628), new(t629),
	new(t630), new(t631), new(t632), new(t633), new(t634), new(t635), new(t636), new(t637), new(t638), new(t639),
	new(t640), new(t641), new(t642), new(t643), new(t644), new(t645), new(t646), new(t647), new(t648), new(t649),
	new(t650), new(t651), new(t652), new(t653), new(t654), new(t655), new(t656), new(t657), new(t658), new(t659),
	new(t660), new(t661), new(t662), new(t663), new(t664), new(t665), new(t666), new(t667), new(t668), new(t669),
	new(t670), new(t671), new(t672), new(t673), new(t674), new(t675), new(t676), new(t677), new(t678), new(t679),
	new(t680), new(t681), new(t682), new(t683), new(t684), new(t685), new(t686), new(t687), new(t688), new(t689),
	new(t690), new(t691), new(t692), new(t693), new(t694), new(t695), new(t696), new(t697), new(t698), new(t699),
}
