/* template: a pure compiler, template text → Lua text on the same line numbers. Sees neither the site nor Lua.
 * lex → parse → HTML context → emit. The language: docs/theme.md §1. */
#ifndef TEMPLATE_TEMPLATE_H
#define TEMPLATE_TEMPLATE_H

#include "diag/diag.h"

enum template_language {
	TEMPLATE_HTML, TEMPLATE_XML, TEMPLATE_SVG, TEMPLATE_CSS, TEMPLATE_JSON, TEMPLATE_ICS, TEMPLATE_CSV, TEMPLATE_TEXT,
};
/* From the last extension (.html .xml .svg .css .json .geojson .ics .csv .txt .webmanifest); false when unknown. */
bool template_language_of(str name, enum template_language *language);

struct template_options {
	str name;                    /* "layouts/offre.html" */
	file_id file;
	enum template_language language;
	str base_path;               /* "" or "/portail": prefixed to literal root-relative addresses */
	bool trace;                  /* second, diagnostic run: emits T(n) before each tag's expression */
};

/* One tag of the source, by number, so that a run-time error finds its span. */
struct template_tag { struct span span; };

/* A use of another file or macro library, to be resolved by the caller. */
enum template_use_kind { TEMPLATE_EXTENDS, TEMPLATE_INCLUDE, TEMPLATE_IMPORT };
struct template_use { enum template_use_kind kind; str name; struct span span; };

/* A chain of names read from a variable the compiler knows where it came from: page.a.b, or a loop variable over one.
 * steps: "page", "offres", "[]", "titre" for `for o in page.offres … o.titre`. "[]" = an element of. */
struct template_access {
	const str *steps; uint32_t n_steps;
	struct span span;            /* of the last step */
	bool called;                 /* the last step is called as a method (o:x()) or function */
};

struct template {
	str name;
	file_id file;
	enum template_language language;
	str lua;                     /* the chunk; line n of it = line n of the source */
	struct template_tag *tags; uint32_t n_tags;
	struct template_use *uses; uint32_t n_uses;
	struct template_access *accesses; uint32_t n_accesses;
	bool email;                  /* {% layout courriel %} */
};

/* The chunk, run with `...` = the runtime table R (see below), returns a table:
 *   { main = f, blocks = {name = f}, macros = {name = f}, extends = "name" or nil }
 * Every f is called f(o, E, …macro arguments, slot) where o is the output (opaque), E the environment of the template:
 * names that are not locals are read as E.name; the caller makes E with __index so that an unknown one is an error.
 * R's members, bound to locals on line 1 (each writes to the output o):
 *   lit(o, s)    literal text, as is                 text(o, v)   element text
 *   attr(o, v)   quoted attribute value              url(o, v)    start of a URL attribute: scheme filter, normalised
 *   urlpart(o, v) inside a URL: percent-encoded      srcset(o, v) list of candidates
 *   json(o, v)   JSON literal, safe inside script    xml(o, v)    XML text or quoted attribute
 *   css(o, v)    number, colour, identifier          ics(o, v)    iCalendar text      csv(o, v)  one quoted field
 *   plain(o, v)  as is (.txt)
 *   block(o, E, name, f)      draws the most derived block `name`, f being this template's
 *   super(o, E)               within a block: draws the parent's (written {{ super() }})
 *   include(o, E, name, vars) import(E, name) → table of macros
 *   call(o, f, slot, …args)   calls a macro writing to o
 *   capture(o, f) → html      runs f(o) and takes what it wrote
 *   iter(v) → iterator, state, init     for loops: lists, arrays, iterators already made
 *   empty(v) → bool, length(v)          for `else` and loop.length
 *   tag(n)                    trace builds only
 */
bool template_compile(struct template *t, str source, const struct template_options *o, struct arena *out, struct arena *tmp, struct diag *diag);

#endif
