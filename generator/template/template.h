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
	bool trace;                  /* second, diagnostic run: calls tag(n) before each expression */
};

/* One expression of the source, by number (from 0), so that a run-time error finds its span: that of the expression itself. */
struct template_tag { struct span span; };

/* A use of another file or macro library, to be resolved by the caller. */
enum template_use_kind { TEMPLATE_EXTENDS, TEMPLATE_INCLUDE, TEMPLATE_IMPORT };
struct template_use { enum template_use_kind kind; str name; struct span span; };

/* A chain of names that starts at a name of the environment (page, site, params, t…), read directly (page.a.b) or through a
 * variable the compiler knows where it came from: a loop variable over a chain, a `set` of one, the parameter of a function
 * given to where/filter/sort…  steps: "page", "offres", "[]", "titre" for `for o in page.offres … o.titre`; "[]" = an element of.
 * One record for every step (page, then page.a, then page.a.b), so that the one that is wrong can be pointed at.
 * Methods that keep a list (where filter sort take slice union without nearest) leave no step behind them. */
struct template_access {
	const str *steps; uint32_t n_steps;
	struct span span;            /* of the last step */
	bool called;                 /* the last step is called as a method (o:x()) or function */
};

/* A block, wherever it stands, or a macro. */
struct template_part { str name; struct span span; bool attributes, nested; };

/* A macro taken from an import: m.carte. */
struct template_member { str file, name; struct span span; };

struct template {
	str name;
	file_id file;
	enum template_language language;
	str lua;                     /* the chunk; line n of it = line n of the source */
	struct template_tag *tags; uint32_t n_tags;
	struct template_use *uses; uint32_t n_uses;
	struct template_access *accesses; uint32_t n_accesses;
	struct template_part *blocks; uint32_t n_blocks;     /* nested: drawn where it stands; else, in a file that extends, by a parent */
	struct template_part *macros; uint32_t n_macros;
	struct template_member *members; uint32_t n_members;
	bool email;                  /* {% layout courriel %} */
};

/* What a place wants of a value; numbers that chunks hand to R.put. */
enum escape {
	ESCAPE_TEXT, ESCAPE_ATTR, ESCAPE_URL, ESCAPE_URLPATH, ESCAPE_URLPART, ESCAPE_SRCSET, ESCAPE_JSON, ESCAPE_XML, ESCAPE_CSS, ESCAPE_ICS,
	ESCAPE_CSV, ESCAPE_PLAIN,
};

/* The chunk, run with `...` = the runtime table R (see below), returns a table:
 *   { main = f or nil, blocks = {name = f}, macros = {name = f}, attributs = {[f] = true}, supers = {[f] = true},
 *     extends = "name" or nil, language = kind }
 * kind is "html" (.html and .svg), "xml", "css", "json", "ics", "csv" or "text".
 * A file that extends has no main; its blocks are those at its top. A file that does not extend has an empty `blocks`: its blocks
 * are made as main runs and handed to R.block. A block nested in a block is drawn where it stands, through R.block, too.
 * `attributs` holds the macros and (top) blocks declared attributs, `supers` the (top) blocks that call super(). All draw to the
 * one output that R knows. The functions, where E is the environment of the template:
 *   main(E)      block(E, super)      macro(slot, …arguments)
 * super() draws the parent's block (the runtime gives it to blocks that call it: it raises the error when there is no parent);
 * slot is nil or a function. Names that are not locals are read as E.name; the caller makes E with __index so that an
 * unknown one is an error. Blocks must be given the E of the globals, not the variables of an include; macros read R.globals.
 *
 * R's members, bound to locals on line 1. Those that print a value v take literal text, too: (v, behind, before), both strings or
 * absent; nil, booleans, items, lists, tables are errors:
 *   lit(s)        literal text, as is             text(v)    element text: html passes, the rest is escaped
 *   attr(v)       quoted attribute value, and text of <title> and <textarea>: escaped; html is an error
 *   url(v)        start of a URL attribute: scheme filter, normalised, escaped
 *   urlpath(v)    in the path of a URL or after a literal scheme (tel:, mailto:): percent-encodes what cannot stand there,
 *                 and ? and #; keeps / : @ + , ; = & ! $ ' ( ) * ~ and valid %XX; escaped for an attribute
 *   urlpart(v)    a component (query, fragment, or where a scheme could arise): percent-encodes all but unreserved characters
 *   srcset(v)     a list of candidates, or one address, at the start of a candidate
 *   json(v)       JSON literal, safe inside script (tables, lists, dates, booleans, nil too); a value of kind json passes
 *   xml(v)        XML text or quoted attribute; kind xml passes, html is escaped as text is (feeds)
 *   css(v)        number, colour, identifier; kind css passes     ics(v)   iCalendar text; kind ics passes
 *   csv(v)        one quoted field; kind csv passes               plain(v) as is (.txt)
 *   put(kinds, before, v, behind, …)   values of one line at once, each with the literal text behind it; four bits of kinds for each, the
 *                          first one's lowest: an enum escape
 *   block(name, f, s)      draws the most derived block `name`, f being this template's, which calls super() when s; an error when
 *                          the most derived is an attributs one
 *   blockattr(name, f, s)  the same inside a tag: an error unless the most derived is an attributs one (f itself is)
 *   include(name, vars, own)   vars is a table or nil; own: nobody else has that table
 *   imports[name]          the macros of that file that write text, as a table of functions; another name in it is an error
 *   attrimports[name]      those in attributs
 *   needsattr(…) isattr(…) stand for a macro of the file itself that is not, or is, attributs: raise the error
 *   macro[f]               → function(…) that returns what the macro writes as a value of its chunk's kind; not for attributs
 *   capture(f, kind)       → value of that kind: what f writes, taken out of the output
 *   iter(n, …)             → length, f, s for `for i, a, b in f, s, 0` with n names, i counting the turns. … is a list, a table's
 *                          array (then n = 1 gives elements, n = 2 index and element) or the values of pairs() and the like,
 *                          which are run to their end
 *   of_t[s] of_require[s] of_asset[s] of_asset_texte[s] of_url[s] of_page_existe[s]
 *                          what these functions of the globals give for one string, computed once for each R (an R serves one language)
 *   of_module[s]           has the members of of_require[s]; written before .member only, where nothing is assigned to
 *   tag(n)                 trace builds only: before each expression; returns nil. tags[n] of the calling chunk
 */
/* False when an error was reported; t's uses and accesses are filled all the same, its lua is empty.
 * Everything in t lives in `out` or is a view of `source`, which must live as long. */
bool template_compile(struct template *t, str source, const struct template_options *o, struct arena *out, struct arena *tmp, struct diag *diag);

/* Checks over several files, once the files of `uses` are compiled.
 * chain[0] extends chain[1], and so on: reports blocks that no parent draws, and those declared attributs on one side only. */
void template_check_chain(const struct template *const *chain, size_t n, struct diag *diag);
/* Reports macros that `user` takes from the file it imports as `name` and that the library does not have. */
void template_check_import(const struct template *user, str name, const struct template *library, struct diag *diag);

#endif
