/* What the files of script/ share. No other room includes this. */
#ifndef SCRIPT_STATE_H
#define SCRIPT_STATE_H

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdatomic.h>

#include "base/map.h"
#include "os/os.h"
#include "script/heap.h"
#include "script/script.h"
#include "template/template.h"
#include "text/text.h"

enum text_kind { KIND_HTML, KIND_XML, KIND_CSS, KIND_JSON, KIND_ICS, KIND_CSV, KIND_TEXT, KIND_N };

struct script_layout {
	str name;                    /* "offre.html" */
	struct source_file source;
	str text;                    /* of the template, for columns */
	struct template compiled;
	str code;                    /* compiled.lua, compiled; empty when it has an error */
	bool told;                   /* something was said when it was compiled */
	bool fresh;                  /* it was, in this load */
	enum { SURE_NOT_ASKED, SURE_NOT, SURE } sure;   /* that its chunk can be loaded */
	uint32_t index;              /* in script->layouts */
	struct script_layout *hidden;   /* of the same name, from the next theme, when this one extends it */
	struct script_layout **chain; uint32_t n_chain;   /* itself, what it extends, and so on to the root */
};

struct module {
	str name;
	struct source_file source;
	str text, code;              /* compiled; empty until a state has done so */
	bool fresh;                  /* it was compiled in this load */
};

struct address { str url; file_id file; uint32_t line; };

struct script {
	struct arena *out;
	struct script_options o;
	struct diag *diag;           /* for its files */
	struct { struct source_list layouts, modules, routes; } files;
	bool compiles;               /* something is not kept from the last load */
	bool tracing;                /* states opened now are for the diagnostic run */
	VEC(struct script_layout *) layouts;
	struct map layouts_by_name;
	VEC(struct module) modules;  /* sorted by name */
	struct module *routes; uint32_t n_routes;   /* theme's first */
	struct map nil_names;        /* names that some include gives: absent means nil there */
	const struct plan *plan;     /* NULL while routes.lua runs */
	struct script_state *tried;  /* modules loaded in it, for routes.lua; NULL */
	struct script_asked *asked;  /* by routes.lua; NULL when nothing is kept from load to load */
	const struct script_file *manifest; uint32_t n_manifest;
	VEC(struct address) addresses;              /* that routes.lua named */
	struct once_shelf *shelf;
	_Atomic bool *early;         /* [item id, and one for all else]: read without a page */
	struct mapping **mappings;   /* [type->index]: to schema.org; NULL without */
};

/* A message raised through lua_error; its words are in the state's `out`. */
struct raised {
	enum diag_code code;
	const str *args; uint32_t n_args;
	str word;
};

struct routes_run;
struct once_run;
struct once_shelf;
struct mapping;
struct cache;

/* What a result of une_fois() read: its pages are marked alike. */
struct once_date { day date; str why; };
struct source_ids { uint32_t *ptr; size_t len, cap; };
struct once { const struct once_date *dates; struct source_ids sources; uint32_t n_dates; bool personal; };
/* A result found last by this function and key, which the store holds: its number. */
#define ONCE_RECENT 256
struct once_recent { const void *function, *key; lua_Integer part, at; };

/* Where a chain of layouts has a block: its function in the registry, LUA_NOREF where only the root has one. */
#define BLOCK_PLACES 512
struct block_place { const void *chain, *name; uint32_t next; int function; uint8_t language; bool attributes, super; };

/* Which macro, for all states alike. */
struct macro_id { const struct script_layout *layout; str name; };

struct script_state {
	struct script *shared;
	lua_State *L;
	struct arena *out;           /* lives with the worker */
	struct arena page_arena;
	struct arena *arena;         /* where values go now: page_arena, or `out` while modules are loaded */
	size_t arena_max;            /* `used` of that arena beyond which a run is stopped */
	struct diag *diag;
	struct text *text;
	struct buf buf;              /* the output */
	struct buf scratch;          /* for one C function at a time, none that calls back */
	struct buf html;             /* of el(), json() */
	struct buf data;             /* of donnees_structurees() */
	struct heap heap;            /* Lua's memory */
	struct cache *cache;
	struct qr_maker *qr;         /* NULL until a code is asked for */
	uint64_t spent;              /* instructions of this run */
	struct os_watchdog *watchdog;

	const struct page *page;
	uint8_t language;
	bool personal;
	bool has_random;             /* seeded for this page */
	bool trace;
	struct script_layout **chain; uint32_t n_chain;   /* of extends: the page's layout first */
	uint32_t includes;           /* depth of includes */
	uint32_t n_cached;           /* proxies in the cache */

	struct raised raised;
	file_id place_file; uint32_t place_line;   /* where, when the stack would say it wrong; 0 */
	struct script_error error;   /* filled by the message handler */
	bool failed_memory;
	bool ahead, unsettled;       /* script_open_ahead: while routes.lua runs; has something been read that depends on it? */
	struct script_asked *asked;  /* NULL: nobody will want to know */
	uint32_t loading;            /* place of the module that is being loaded, and one; 0: none is */
	const struct site *site;     /* shared->o.site */
	struct routes_run *routes;   /* while routes.lua runs */
	VEC(struct script_date) dates;
	struct map dates_seen;
	struct script_date soonest;  /* of this page */
	struct source_ids sources;   /* read by this page */
	uint32_t *seen, turn;        /* [item id]: the turn in which a page read its text last; NULL until one does */
	uint64_t n_noted;
	struct arena once_arena;     /* what results of une_fois() point to */
	VEC(struct once) once;       /* of results, by number */
	struct once_recent once_recent[ONCE_RECENT];
	struct block_place blocks[BLOCK_PLACES];
	struct once_run *once_run;   /* while one is computed */
	lua_Integer once_part;       /* of the store, for this page and language */
	const struct page *once_page; uint8_t once_language;
	struct script_counts once_counts;
	uint32_t *last_tag;          /* trace: [layout index], number of the tag + 1 */
	str *traced;                 /* trace: [layout index], the chunk with tag(n) */

	/* For the watchdog's words, read by its thread: where a call that may take long was made. */
	_Atomic(const char *) at_url;
	_Atomic uint32_t at_url_len;
	_Atomic uint32_t at_file, at_line;

	/* References into the registry. */
	int ref_items, ref_globals, ref_env, ref_layouts, ref_modules, ref_include_meta, ref_snapshot, ref_item_meta, ref_object_meta, ref_models,
	    ref_runtime, ref_attributs, ref_supers, ref_list_meta, ref_date_meta, ref_html_meta, ref_once, ref_fixed, ref_macros, ref_refusals;
};

static inline struct script_state *
state_of(lua_State *L)
{
	return *(struct script_state **)lua_getextraspace(L);
}

/* What follows may be another once the plan is complete. */
static inline void
state_needs_plan(struct script_state *w)
{
	w->unsettled = true;
}

/* Values go to this arena from now on, as many bytes of them as Lua may have itself. */
static inline void
state_use_arena(struct script_state *w, struct arena *arena)
{
	w->arena = arena;
	w->arena_max = arena->used + w->shared->o.limits.memory;
}

static inline str
language_code(const struct script_state *w)
{
	return w->site->languages[w->language];
}

/* --- kept.c --- */
/* In the arena of what is kept, else in the script's, lives what a layout's `text` and `compiled` point to. */
struct arena *kept_arena(const struct script *s);
bool kept_layout(const struct script *s, struct script_layout *l);   /* text, compiled and code, when the file's text is still `text` */
str kept_code(const struct script *s, const struct module *m);       /* STR_NONE when it must be compiled */
void keep_layout(const struct script *s, const struct script_layout *l);
void keep_code(const struct script *s, const struct module *m);

/* --- compile.c --- */
/* A file of the theme to read and to compile. */
struct compiling {
	enum { COMPILE_NEVER, COMPILE_NOW, COMPILE_DONE } when;
	const struct source_file *file;
	struct script_layout *layout;    /* one of the two is to be filled */
	struct module *module;
	bool read;                       /* it could be */
	struct diag said;
};
#define COMPILE_FILE_MAX ((size_t)1 << 20)  /* a layout or module; beyond, it is data */
/* All that are to be NOW, on several threads; what is said of one is in its `said`. What Lua cannot compile has no code: who tries it says why. */
void compile_files(struct script *s, struct compiling *files, size_t n);

/* --- load.c --- */
struct script_state *take_tried(struct script *s, struct arena *out, struct diag *diag);   /* of s->tried, which is not NULL */
bool script_is_compiled(const struct script *s); /* every layout and module: states that are opened write nothing to the script */

/* --- state.c --- */
/* As script_open, but without modules. */
struct script_state *state_open(struct script *s, struct arena *out, struct diag *diag);
/* As script_open, with `asked` when there is one. */
struct script_state *state_open_asking(struct script *s, struct arena *out, struct diag *diag, struct script_asked *asked);
void state_watch(struct script_state *w);        /* a new watchdog, until script_rest */

/* --- errors.c --- */
/* Raises an author's mistake; args after {0}, which is left for the page. */
_Noreturn void raise_words(lua_State *L, enum diag_code code, str word, const str *args, uint32_t n);
#define raise(L, code, word, ...) \
	raise_words((L), (code), (word), (const str[]){ __VA_ARGS__ }, sizeof((const str[]){ __VA_ARGS__ }) / sizeof(str))
_Noreturn void raise_plain(lua_State *L, enum diag_code code);
/* The message of luaL_loadbufferx is at the top. */
_Noreturn void raise_syntax(lua_State *L, file_id file);
/* lua_pcall with the message handler; on failure w->error is filled and false returned. The function and its arguments are on the stack. */
bool protected_call(struct script_state *w, int n_args, int n_results);
/* File and line of the innermost frame of a theme's text. */
bool where_now(lua_State *L, file_id *file, uint32_t *line);
/* Raises when the arena's values are too many. */
void check_arena(lua_State *L);
/* Notes where we are for the watchdog. */
void mark_place(lua_State *L);
const struct script_layout *layout_of_file(const struct script *s, file_id file);
/* The last error, kept in w->out. */
const struct script_error *keep_error(struct script_state *w);

/* --- sandbox.c --- */
lua_State *sandbox_new(struct script_state *w);   /* globals table in ref_globals; NULL when out of memory */
void sandbox_count(void *state);                 /* the run takes long: count its instructions from here on */
void sandbox_reset(struct script_state *w);       /* budget, random seed: before each run */
int sandbox_pairs(lua_State *L);
/* Read-only face of the table at the top, which it replaces. */
void sandbox_freeze(lua_State *L, enum diag_code refusal);
/* Frozen tables: pushes what is behind one and returns true; else pushes nothing. */
bool sandbox_behind(lua_State *L, int index);
/* The pairs of a table whose keys are a few strings, as pairs() orders them: pushes them all, the i-th key at p->key[i], its value above
 * it. Their caller takes them off (p->top). False, with nothing pushed, for other tables. */
#define SANDBOX_FEW 32
struct few_pairs { int top; uint32_t n; int key[SANDBOX_FEW]; };
bool sandbox_few_pairs(lua_State *L, int index, struct few_pairs *p);
/* Stable merge sort of indexes 0 … n-1; less() may raise. The result is valid until the userdata pushed is popped. */
uint32_t *sort_indexes(lua_State *L, uint32_t n, bool (*after)(void *context, uint32_t a, uint32_t b), void *context);

/* --- modules.c --- */
/* Pushes the compiled text of a module or of routes.lua, in the environment of modules. */
void load_text(lua_State *L, struct module *m);
/* What the function at the top was compiled to, for other states of the same script. */
str dump_code(lua_State *L, struct arena *out);
/* Compiles the text, which is pushed, and notes its code. */
void compile_module(lua_State *L, struct module *m, struct arena *out);
void modules_open(struct script_state *w);
bool modules_load(struct script_state *w);
/* After a page: did a module change what it keeps? Reports in w->error. */
bool modules_unchanged(struct script_state *w);

/* --- runtime.c --- */
void runtime_open(struct script_state *w);
/* Draws a layout (through extends) to w->buf; called inside protected_call with the layout as light userdata. */
int runtime_draw(lua_State *L);
/* Pushes a layout's chunk, a function. */
void runtime_load_chunk(lua_State *L, const struct script_layout *l);
/* Pushes the table a layout's chunk returns, loading it when it is new. */
void runtime_push_chunk(lua_State *L, const struct script_layout *l);

/* A macro taken as a value: pushes the function it calls. */
bool runtime_macro_behind(lua_State *L, int index);
/* Which one it is; NULL when the value is no such macro. */
const struct macro_id *runtime_macro_id(lua_State *L, int index);

/* --- print.c --- */
void print_open(lua_State *L);                            /* adds to the runtime table at the top */

/* --- shelf.c: what macros draw of items, for all workers together --- */
struct once_drawn {
	const struct item *item;
	const struct macro_id *macro;
	str html;
	const struct once_date *dates;
	struct source_ids sources;
	uint32_t n_dates;
	uint16_t part;
	uint8_t kind;                /* enum text_kind */
	bool personal;
};
/* A shelf for a site of so many items. It holds a bounded number of bytes for each, and takes no more then. */
struct once_shelf *shelf_new(struct arena *out, uint32_t n_items);
const struct once_drawn *shelf_find(const struct once_shelf *shelf, const struct item *item, const struct macro_id *macro, lua_Integer part);
/* Puts a copy made in `out`, which lives as long as the script. Any thread, at any time; false when the shelf is full. */
bool shelf_put(struct once_shelf *shelf, struct arena *out, const struct once_drawn *drawn);

/* --- once.c --- */
void once_open(struct script_state *w);
void once_forget(struct script_state *w);                 /* between pages: results that have grown large are dropped, to be made again */
/* A result of une_fois() is being computed: it may not depend on the page. */
bool once_running(const struct script_state *w);
void once_note_date(struct script_state *w, day d, str why);
bool once_note_source(struct script_state *w, uint32_t source);  /* false: none is being computed */
/* Raise while one is computed: for `page` and `params`; for a function that looks at the page. */
void once_check_name(lua_State *L, str name);
void once_forbid(lua_State *L, str name);

/* --- sources.c: what the page, or the result being computed, reads; w->n_noted counts, so that what was read meanwhile is seen --- */
void note_source(struct script_state *w, uint32_t source);
void sources_add(struct arena *out, struct source_ids *list, uint32_t source);
/* The body of an item in the page's language, NULL without. Whoever reads one asks here. */
const struct rich *item_body(struct script_state *w, const struct item *item);
void note_asset(struct script_state *w, const struct asset *a);  /* of those that the build makes; others do nothing */
void note_missing_asset(struct script_state *w, str name);

/* --- asked.c --- */
struct script_asked *asked_new(const struct script *s, struct arena *out);
void asked_note_module(struct script_state *w, size_t at);
void asked_note_string(struct script_state *w, str key);
void asked_note_asset(struct script_state *w, str name);
void asked_note_address(struct script_state *w, str path);
void asked_note_text(struct script_state *w);
void asked_note_field(struct script_state *w, const struct type *t, const struct field *f);

/* --- cache.c --- */
#define CACHE_STRINGS 2048
#define CACHE_NAMES 1024
#define CACHE_ITEMS 1024
#define CACHE_PROXIES 512
/* Functions whose result is kept by argument and language. */
enum cache_function { CACHE_DATE, CACHE_NUMBER, CACHE_NUMBER_0, CACHE_NUMBER_1, CACHE_NUMBER_2, CACHE_MONEY, CACHE_URL, CACHE_ABSOLUTE, CACHE_ASSET, CACHE_SVG, CACHE_STRING, CACHE_N };
struct cache_name { const void *of, *name; int code; };
struct cache_results { int ref; uint32_t n; };
struct cache_proxy { const void *of; void *userdata; };
struct cache {
	lua_State *keeper;
	str strings[CACHE_STRINGS];
	struct cache_name names[CACHE_NAMES];
	const struct item *items[CACHE_ITEMS];
	struct cache_proxy proxies[CACHE_PROXIES];
	struct cache_results results[CACHE_N][MODEL_MAX_LANGUAGES];
};
void cache_open(struct script_state *w);

static inline uint32_t
cache_slot(uintptr_t address, uint32_t n)
{
	return (uint32_t)((address >> 3) * 0x9e3779b97f4a7c15u >> 40) & (n - 1);
}

/* A string of the frozen site or theme; never one of a page's memory, whose place is used again. nil for STR_NONE. */
void push_frozen(lua_State *L, str s);

int cache_new_code(lua_State *L, int arg, const void *of, int (*find)(lua_State *L, const void *of, str name));
/* The number that find() gives for the name at `arg`, a field of `of`; find() raises when there is none. */
static inline int
cache_code(lua_State *L, int arg, const void *of, int (*find)(lua_State *L, const void *of, str name))
{
	const void *name = lua_topointer(L, arg);       /* a string's own: NULL for a number, which is no name */
	const struct cache_name *n = &state_of(L)->cache->names[cache_slot((uintptr_t)of ^ (uintptr_t)name, CACHE_NAMES)];

	return n->name == name && n->of == of ? n->code : cache_new_code(L, arg, of, find);
}

/* The item's userdata, of those pushed last; false when it is not there. */
bool cache_push_item(lua_State *L, const struct item *item);
void cache_keep_item(lua_State *L, const struct item *item);   /* its userdata is at the top and stays */
void cache_forget_items(struct script_state *w);

/* The userdata last kept for something of the frozen site, which is not pushed; NULL without one. */
static inline void *
cache_proxy(lua_State *L, const void *of)
{
	const struct cache_proxy *p = &state_of(L)->cache->proxies[cache_slot((uintptr_t)of, CACHE_PROXIES)];

	return p->of == of ? p->userdata : NULL;
}
void cache_push_proxy(lua_State *L, const void *of);           /* it is there */
void cache_keep_proxy(lua_State *L, const void *of);           /* its userdata is at the top and stays */

/* The key is at the top. True: the result is there; false: a place for it is, and after the result is pushed cache_keep() takes it. */
bool cache_find(lua_State *L, enum cache_function f);
int cache_keep(lua_State *L, enum cache_function f);      /* 1, for its caller to return */

/* --- values.c --- */
enum value_tag { TAG_ITEM = 1, TAG_OBJECT, TAG_LIST, TAG_DATE, TAG_HTML, TAG_SITE };
/* What a captured text is; decides where it may be printed as it stands. */
struct html_value { uint32_t tag, kind; str s; };
struct date_value { uint32_t tag; day day; int32_t seconds; /* -1: a date alone */ bool has_utc; int64_t utc; };
struct item_value { uint32_t tag; const struct item *item; };
struct object_value { uint32_t tag; const struct object *object; const struct item *owner; };

void values_open(struct script_state *w);
/* The tag of a userdata of ours, 0 for everything else. */
uint32_t value_tag(lua_State *L, int index);
void *value_of(lua_State *L, int index, uint32_t tag);   /* NULL when it is not that */
/* What a value is, by the words of sorte() and Lua: "item", "table" … */
str value_word(lua_State *L, int index);
/* for k, v in pairs(table): pairs_next pushes a key and its value, which its caller takes off again; after the last it takes off what
 * pairs_begin pushed, and gives false. */
void pairs_begin(lua_State *L, int table);
bool pairs_next(lua_State *L);
int keep_metatable(lua_State *L, const luaL_Reg *functions);   /* a new one, by its reference */
void push_str(lua_State *L, str s);                       /* nil for STR_NONE */
void push_html(lua_State *L, str s, enum text_kind kind); /* s must live in the arena of the page or longer */
void push_date(lua_State *L, day d, int32_t seconds, const int64_t *utc);
void push_item(lua_State *L, const struct item *item);    /* nil for NULL */
void push_object(lua_State *L, const struct object *o, const struct item *owner);
void push_val(lua_State *L, const struct val *v, const struct item *owner);
void push_media(lua_State *L, const struct media *m);
str check_str(lua_State *L, int arg);                     /* a string or number argument, else an error */
str field_str(lua_State *L, int table, const char *name); /* STR_NONE when nil */
str prefixed(struct script_state *w, str url);            /* base path + url */
void push_prefixed(lua_State *L, str url);                /* of an address of the frozen site; nil for STR_NONE */
str item_title(struct script_state *w, const struct item *item);
/* The field's value in the language at hand, VAL_NONE without. Whoever reads one that may be a text asks here. */
const struct val *item_val(struct script_state *w, const struct item *item, const struct field *f);

/* --- items.c --- */
void items_open(struct script_state *w);
void items_forget(struct script_state *w);                /* between pages: a cache that has grown large is emptied */
void push_item_field(lua_State *L, const struct item *item, const struct field *f);
/* For cache_code(): the index of a shape's field, one of these for the state of what has a life, -1 for other names. */
#define OBJECT_STATE 100000
#define OBJECT_STATE_LABEL 100001
int object_code(lua_State *L, const void *shape, str name);
/* NULL when the field may not be read here: personal without consent, confidential. Records what is personal. */
const struct val *read_field(struct script_state *w, const struct item *owner, const struct field *f, const struct val *v);
bool item_has_name(const struct script *s, const struct type *t, str name);
_Noreturn void raise_unknown_field(lua_State *L, const struct shape *shape, const struct type *type, str name);
/* Nearest of the names a type's items or an object have. */
str suggest_field(const struct script *s, const struct shape *shape, const struct type *type, str name, struct arena *tmp);
str enum_label(const struct field *f, str key);
str state_label(const struct script_state *w, const struct life_state *state);

void push_ancestors(lua_State *L, str url);               /* page.chemin */

/* --- rich.c --- */
str rich_html(struct script_state *w, const struct rich *rich);
str markdown_html(lua_State *L, str source);

/* --- lists.c, queries.c --- */
enum list_backing { LIST_ITEMS, LIST_VALS, LIST_FILES, LIST_LUA };
struct list_value {
	uint32_t tag;
	uint8_t backing;
	bool frozen;                 /* of the site, which outlives all: others are in the memory of a page */
	uint32_t len;
	const struct item **items;   /* LIST_ITEMS */
	const struct val *vals;      /* LIST_VALS; LIST_LUA: the table is user value 1 */
	const struct script_file *files;  /* LIST_FILES: site:manifeste(); a table for each is made when it is asked for */
	const struct item *owner;    /* of vals */
	const struct collection *whole;   /* LIST_ITEMS: all listed items of this collection */
	const struct field *field;   /* LIST_VALS: the element's */
};
void lists_open(struct script_state *w);
struct list_value *push_items(lua_State *L, const struct item **items, uint32_t len);
struct list_value *push_vals(lua_State *L, const struct val *vals, uint32_t len, const struct item *owner, const struct field *element);
/* Fields' and reverse lists as they stand in the site. One list is one value while it is asked for again and again. */
void push_frozen_items(lua_State *L, const struct item_list *list);
void push_frozen_vals(lua_State *L, const struct val_list *list, const struct item *owner, const struct field *element);
void push_files(lua_State *L, const struct script_file *files, uint32_t len);
void push_table_list(lua_State *L);                       /* replaces the array table at the top by a list of it */
void push_element(lua_State *L, int index, const struct list_value *list, uint32_t i);   /* i from 0 */
/* The elements [idx] of the list at `index`, as a new list. */
void push_selection(lua_State *L, int index, const struct list_value *list, const uint32_t *idx, uint32_t n);
int list_where(lua_State *L);
int list_sort(lua_State *L);
int list_group(lua_State *L);
int list_sum(lua_State *L);

/* --- siteview.c --- */
/* Adds `site` and modele() to the globals. */
void siteview_open(struct script_state *w);
bool site_has_name(const struct site *s, str name);
str suggest_site_name(const struct site *s, str name, struct arena *tmp);
void push_file(lua_State *L, const struct script_file *f);   /* a line of site:manifeste(), a table */

/* --- json.c --- */
/* JSON of the value at `index` into b; raises on what has none. */
void write_json(lua_State *L, int index, struct buf *b, int depth);

/* --- jsonld.c --- */
/* The mappings of all types, by index. */
struct mapping **jsonld_prepare(const struct model *model, struct arena *out);
/* Adds donnees_structurees() to the globals. */
void jsonld_open(struct script_state *w);

/* --- csv.c --- */
/* Adds csv() to the globals. */
void csv_open(struct script_state *w);

/* --- functions (api_*.c): add to the globals table at the top --- */
void api_text_open(struct script_state *w);
/* string.format() of a form of words and whole numbers, "M%d %dh%d", as drawings have them by thousands: printf takes ten times as long.
 * False, with nothing pushed, for all others. */
bool format_integers(lua_State *L);
/* A day as ISO 8601 writes it; a moment with its offset from UTC. */
str date_of_data(struct script_state *w, const struct date_value *d);
void api_site_open(struct script_state *w);
void api_html_open(struct script_state *w);
void api_data_open(struct script_state *w);
void api_colour_open(struct script_state *w);
void api_contours_open(struct script_state *w);
void api_places_open(struct script_state *w);
/* The image or file of content behind an argument, NULL when it is none. */
const struct media *media_in(lua_State *L, int arg);
str nearest_page(const struct plan *plan, str path, struct arena *tmp);
bool is_asset_url(const struct assets *a, str url);
/* Registers a day on which the output changes. */
void register_date(struct script_state *w, day d, str why);

/* --- routes.c --- */
void routes_open(struct script_state *w);
void push_param(lua_State *L, const struct param *p);
const struct param *param_empty(void);                    /* {} */
void push_page(lua_State *L, const struct page *page);
const struct param *param_get(const struct param *table, str key);
str param_text(const struct param *p);                    /* STR_NONE when not a string */

/* --- report.c --- */
struct span span_of_line(const struct script *s, file_id file, uint32_t line);

/* --- load.c --- */
str script_nearest_layout(const struct script *s, str name, struct arena *tmp);

/* --- check.c --- */
void check_accesses(struct script *s, struct diag *diag);

#endif
