/* Tree → chunk. The contract of what it returns and calls stands in template.h. */
#include "template/emit.h"

static const struct origin unknown = { NULL, 0 };

static const char *const escapes[] = {
	[ESCAPE_TEXT] = "text", [ESCAPE_ATTR] = "attr", [ESCAPE_URL] = "url", [ESCAPE_URLPATH] = "urlpath", [ESCAPE_URLPART] = "urlpart",
	[ESCAPE_SRCSET] = "srcset", [ESCAPE_JSON] = "json", [ESCAPE_XML] = "xml", [ESCAPE_CSS] = "css", [ESCAPE_ICS] = "ics",
	[ESCAPE_CSV] = "csv", [ESCAPE_PLAIN] = "plain",
};

static const char *const kinds[] = {
	[TEMPLATE_HTML] = "html", [TEMPLATE_SVG] = "html", [TEMPLATE_XML] = "xml", [TEMPLATE_CSS] = "css", [TEMPLATE_JSON] = "json",
	[TEMPLATE_ICS] = "ics", [TEMPLATE_CSV] = "csv", [TEMPLATE_TEXT] = "text",
};

static void emit_list(struct emitter *e, struct node *list, str tail);

/* --- expressions in their tags --- */

static uint32_t
tag_number(struct emitter *e, struct range r)
{
	while (r.start < r.end && (e->c->source.ptr[r.start] == ' ' || e->c->source.ptr[r.start] == '\n' || e->c->source.ptr[r.start] == '\t'))
		r.start++;
	while (r.end > r.start && (e->c->source.ptr[r.end - 1] == ' ' || e->c->source.ptr[r.end - 1] == '\n' || e->c->source.ptr[r.end - 1] == '\t'))
		r.end--;
	*vec_push(e->c->out, &e->tags) = (struct template_tag){ compiler_span(e->c, r.start, r.end) };
	return (uint32_t)e->tags.len - 1;
}

static void
emit_trace(struct emitter *e, struct range r)
{
	uint32_t n = tag_number(e, r);

	write_sync(e, r.start);
	if (e->c->options->trace)
		write_str(e, str_format(e->c->tmp, "__tag(%u);", n));
}

static struct origin
emit_one(struct emitter *e, struct node *n)
{
	struct origin origin = unknown;
	uint32_t count;

	if (!n->bad)
		expression_emit(e, n->expression, EXPRESSION_ONE, &origin, &count);
	return origin;
}

/* --- locals --- */

static void
reserve(struct emitter *e, size_t n, struct span at)
{
	if (e->most_locals <= LOCALS_MAX && e->most_locals + n > LOCALS_MAX)
		diag_add(e->c->diag, TEMPLATE_TOO_MANY_LOCALS, at, str_format(e->c->tmp, "%d", LOCALS_MAX));
	e->most_locals += n;
}

/* Locals may not hide macros and imports: calls of these are known by name alone. */
static void
check_name(struct emitter *e, str name, struct span at)
{
	if (tree_macro(&e->c->tree, name) || tree_import(&e->c->tree, name))
		diag_add(e->c->diag, TEMPLATE_DUPLICATE_NAME, at, name);
}

static void
gather_set(struct emitter *e, struct node *n)
{
	struct set_name *set = names_set(e, n->name);

	if (set) {
		set->once = false;
		return;
	}
	check_name(e, n->name, n->name_at);
	*vec_push(e->c->tmp, &e->sets) = (struct set_name){ .name = n->name, .once = true };
	reserve(e, 1, n->tag);
}

static void
gather_sets(struct emitter *e, struct node *list)
{
	for (struct node *n = list; n; n = n->next) {
		if ((n->kind == NODE_SET || n->kind == NODE_CAPTURE) && !n->bad)
			gather_set(e, n);
		if (n->kind != NODE_BLOCK)
			gather_sets(e, n->children);
		for (struct node *b = n->otherwise; b; b = b->otherwise)
			gather_sets(e, b->children);
	}
}

/* What a function keeps while another is written inside it. */
struct function {
	struct emitter outer;
	size_t start;                   /* where its locals are declared */
};

static void
function_begin(struct emitter *e, struct function *f, struct node *list)
{
	f->outer = *e;
	f->start = e->lua.len;
	e->locals.ptr = NULL;
	e->locals.len = e->locals.cap = 0;
	e->sets.ptr = NULL;
	e->sets.len = e->sets.cap = 0;
	e->most_locals = 0;
	e->loop = 0;
	e->nesting = 0;
	e->imported = arena_array(e->c->tmp, unsigned char, e->c->tree.imports.len);
	gather_sets(e, list);
}

static bool
is_parameter(const struct emitter *e, str name)
{
	for (size_t i = 0; i < e->locals.len; i++)
		if (str_equal(e->locals.ptr[i].name, name))
			return true;
	return false;
}

static void
put_import(struct buf *b, size_t i, str file, unsigned used)
{
	if (used & IMPORTED_TEXT)
		buf_format(b, "local __I%zu=__imports[\"%.*s\"];", i, STR_ARG(file));
	if (used & IMPORTED_ATTRIBUTES)
		buf_format(b, "local __J%zu=__attrimports[\"%.*s\"];", i, STR_ARG(file));
}

/* At the end it is known which imports and sets the function has: they are declared at its start, on the same line. */
static void
function_end(struct emitter *e, struct function *f)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	for (size_t i = 0; i < e->c->tree.imports.len; i++)
		put_import(&b, i, e->c->tree.imports.ptr[i].file, e->imported[i]);
	for (size_t i = 0; i < e->sets.len; i++)
		if (!is_parameter(e, e->sets.ptr[i].name))
			buf_format(&b, "local %.*s;", STR_ARG(e->sets.ptr[i].name));
	write_insert(e, f->start, buf_copy(&b, e->c->tmp));
	buf_free(&b);
	e->locals = f->outer.locals;
	e->sets = f->outer.sets;
	e->most_locals = f->outer.most_locals;
	e->loop = f->outer.loop;
	e->nesting = f->outer.nesting;
	e->imported = f->outer.imported;
	e->in_block = f->outer.in_block;
	e->calls_super = f->outer.calls_super;
}

/* --- nodes --- */

static void
put_text(struct buf *b, const struct node *n, str base)
{
	size_t from = 0;

	for (size_t i = 0; i < n->prefixes.len; i++) {
		buf_put(b, str_slice(n->text, from, n->prefixes.ptr[i]));
		buf_put(b, base);
		from = n->prefixes.ptr[i];
	}
	buf_put(b, str_slice(n->text, from, n->text.len));
}

/* Literal text waits in e->text: beside a value it goes into the same call. Returns the last node of it. */
static struct node *
take_text(struct emitter *e, struct node *n)
{
	for (;; n = n->next) {
		put_text(&e->text, n, e->c->options->base_path);
		if (!n->next || n->next->kind != NODE_TEXT)
			return n;
	}
}

static str
waiting_text(struct emitter *e)
{
	str s = buf_copy(&e->text, e->c->tmp);

	buf_clear(&e->text);
	return s;
}

static void
flush_text(struct emitter *e)
{
	if (!e->text.len)
		return;
	write_c(e, "__lit(");
	write_quoted(e, waiting_text(e));
	write_c(e, ");");
}

/* What a macro is called by: itself, as the place asks for its kind; else a function that raises the error. */
static void
put_macro(struct emitter *e, const struct macro_call *call, bool attributes)
{
	const struct import *import = call->library.len ? tree_import(&e->c->tree, call->library) : NULL;
	const struct node *own = import ? NULL : tree_macro(&e->c->tree, call->name);
	uint32_t n;

	if (own && own->attributes != attributes) {
		write_c(e, attributes ? "__needsattr" : "__isattr");
		return;
	}
	if (!import) {
		write_c(e, "__M.");
		write_str(e, call->name);
		return;
	}
	n = (uint32_t)(import - e->c->tree.imports.ptr);
	names_member(e, n, call->name, compiler_span(e->c, call->name_at.start, call->name_at.end), attributes ? IMPORTED_ATTRIBUTES : IMPORTED_TEXT);
	write_str(e, str_format(e->c->tmp, "__%c%u.%.*s", attributes ? 'J' : 'I', n, STR_ARG(call->name)));
}

static void
emit_macro_value(struct emitter *e, struct node *n)
{
	struct origin origin;
	uint32_t count;
	size_t at;

	put_macro(e, &n->call, n->attributes);
	write_c(e, "(nil");
	at = e->lua.len;
	if (!expression_emit(e, n->call.args, EXPRESSION_LIST, &origin, &count))
		return;
	if (count)
		write_insert(e, at, S(","));
	write_c(e, ");");
}

/* The literal text on both sides of the value is handed over with it. Returns the last node drawn. */
static struct node *
emit_printed(struct emitter *e, struct node *n, str *tail)
{
	struct node *last = n;
	str before = waiting_text(e);

	write_c(e, "__");
	write_c(e, escapes[n->escape]);
	write_c(e, "((");
	emit_one(e, n);
	write_c(e, ")");
	if (n->next && n->next->kind == NODE_TEXT)
		last = take_text(e, n->next);
	if (!last->next) {
		buf_put(&e->text, *tail);
		*tail = S("");
	}
	if (e->text.len || before.len) {
		write_c(e, ",");
		write_quoted(e, waiting_text(e));
	}
	if (before.len) {
		write_c(e, ",");
		write_quoted(e, before);
	}
	write_c(e, ");");
	return last;
}

static bool
is_printed(const struct node *n)
{
	return n->kind == NODE_VALUE && n->form == FORM_EXPRESSION && !n->bad;
}

/* Values with nothing but text between them, on one line of the source, so that an error's line is theirs; n is the first. */
static uint32_t
values_on_line(const struct emitter *e, const struct node *n)
{
	uint32_t from = n->tag.start, count = 1;

	if (e->c->options->trace || !is_printed(n))
		return 1;
	for (n = n->next; n && count < VALUES_MAX; n = n->next) {
		if (n->kind == NODE_TEXT)
			continue;
		if (!is_printed(n) || str_find_byte(str_slice(e->c->source, from, n->tag.end), '\n', &(size_t){ 0 }))
			break;
		count++;
	}
	return count;
}

/* Several at once. Returns the last node drawn. */
static struct node *
emit_values(struct emitter *e, struct node *n, uint32_t count, str *tail)
{
	struct node *last = n, *value = n;
	uint64_t places = 0;

	for (uint32_t i = 0; i < count; value = value->next)
		if (value->kind == NODE_VALUE)
			places |= (uint64_t)value->escape << 4 * i++;
	write_str(e, str_format(e->c->tmp, "__put(0x%llx,", (unsigned long long)places));
	write_quoted(e, waiting_text(e));
	for (uint32_t i = 0; i < count; i++, n = last->next) {
		if (i)
			emit_trace(e, n->expression);
		write_c(e, ",(");
		emit_one(e, n);
		write_c(e, "),");
		last = n->next && n->next->kind == NODE_TEXT ? take_text(e, n->next) : n;
		if (!last->next) {
			buf_put(&e->text, *tail);
			*tail = S("");
		}
		write_quoted(e, waiting_text(e));
	}
	write_c(e, ");");
	return last;
}

static struct node *
emit_value(struct emitter *e, struct node *n, str *tail)
{
	if (n->form != FORM_EXPRESSION)
		flush_text(e);
	emit_trace(e, n->expression);
	if (n->form == FORM_EXPRESSION) {
		uint32_t count = values_on_line(e, n);
		return count > 1 ? emit_values(e, n, count, tail) : emit_printed(e, n, tail);
	}
	if (n->form == FORM_CALL)
		emit_macro_value(e, n);
	else {
		if (!e->in_block)
			diag_add(e->c->diag, TEMPLATE_SUPER_PLACE, n->tag, STR_NONE);
		e->calls_super = true;
		write_c(e, "__super();");
	}
	return n;
}

static void
emit_condition(struct emitter *e, struct node *n)
{
	uint32_t tag = tag_number(e, n->expression);

	write_c(e, "(");
	if (e->c->options->trace)
		write_str(e, str_format(e->c->tmp, "__tag(%u) or (", tag));
	emit_one(e, n);
	write_c(e, e->c->options->trace ? ")) then " : ") then ");
}

/* Text before and behind the whole goes into each branch: it is drawn with what stands there. */
static void
emit_if(struct emitter *e, struct node *n, str tail)
{
	str before;
	bool otherwise = false;

	if (e->text.len > TEXT_REPEATED_MAX)
		flush_text(e);
	before = waiting_text(e);
	for (struct node *b = n; b; b = b->otherwise) {
		write_sync(e, b->tag.start);
		otherwise = b->kind == NODE_ELSE;
		write_c(e, otherwise ? "else " : b->chained ? "elseif " : "if ");
		if (!otherwise)
			emit_condition(e, b);
		buf_put(&e->text, before);
		emit_list(e, b->children, tail);
	}
	if (!otherwise && (before.len || tail.len)) {
		write_c(e, "else ");
		buf_put(&e->text, before);
		emit_list(e, NULL, tail);
	}
	write_c(e, "end;");
}

/* The node draws the text before it in the same call. */
static bool
takes_text(const struct node *n)
{
	while (n && n->kind == NODE_SET)
		n = n->next;
	return n && (n->kind == NODE_TEXT || n->kind == NODE_IF || (n->kind == NODE_VALUE && n->form == FORM_EXPRESSION));
}

/* The text behind an if, when what comes then has no place for it, goes into the branches. Returns the last node drawn. */
static struct node *
emit_if_and_text(struct emitter *e, struct node *n, str *tail)
{
	struct node *last = n;
	struct buf behind;

	buf_init(&behind, SIZE_MAX);
	for (; last->next && last->next->kind == NODE_TEXT; last = last->next)
		put_text(&behind, last->next, e->c->options->base_path);
	if (!last->next)
		buf_put(&behind, *tail);
	if (behind.len > TEXT_REPEATED_MAX || takes_text(last->next)) {
		last = n;
		emit_if(e, n, S(""));
	} else {
		emit_if(e, n, buf_copy(&behind, e->c->tmp));
		*tail = last->next ? *tail : S("");
	}
	buf_free(&behind);
	return last;
}

static void
emit_loop_head(struct emitter *e, struct node *n, uint32_t id, struct origin *list)
{
	uint32_t count;

	write_str(e, str_format(e->c->tmp, "do local __n%u,__f%u,__s%u=__iter(%zu,", id, id, id, n->names.len));
	if (!n->bad)
		expression_emit(e, n->expression, EXPRESSION_LIST, list, &count);
	if (n->otherwise)
		write_str(e, str_format(e->c->tmp, ");local __e%u=true;for __i%u", id, id));
	else
		write_str(e, str_format(e->c->tmp, ");for __i%u", id));
	for (size_t i = 0; i < n->names.len; i++) {
		write_c(e, ",");
		write_str(e, n->names.ptr[i]);
	}
	write_str(e, str_format(e->c->tmp, " in __f%u,__s%u,0 do ", id, id));
	if (n->otherwise)
		write_str(e, str_format(e->c->tmp, "__e%u=false;", id));
}

static void
emit_for(struct emitter *e, struct node *n)
{
	struct origin list = unknown;
	uint32_t id = ++e->n_loops, outer = e->loop;
	size_t locals = e->locals.len, reserved = e->most_locals;

	emit_trace(e, n->expression);
	reserve(e, 9 + n->names.len, n->tag);
	emit_loop_head(e, n, id, &list);
	for (size_t i = 0; i < n->names.len; i++) {
		check_name(e, n->names.ptr[i], n->tag);
		names_push(e, n->names.ptr[i], list.n && i + 1 == n->names.len ? origin_step(e, list, S("[]")) : unknown);
	}
	e->loop = id;
	emit_list(e, n->children, S(""));
	e->loop = outer;
	e->locals.len = locals;
	write_c(e, "end;");
	if (n->otherwise) {
		write_str(e, str_format(e->c->tmp, "if __e%u then ", id));
		emit_list(e, n->otherwise->children, S(""));
		write_c(e, "end;");
	}
	write_c(e, "end;");
	e->most_locals = reserved <= LOCALS_MAX ? reserved : e->most_locals;
}

/* From here on the name is the local. */
static void
show_set(struct emitter *e, struct node *n, struct origin origin, str module)
{
	struct set_name *set = names_set(e, n->name);

	if (!set || is_parameter(e, n->name))
		return;
	set->visible = true;
	set->origin = set->once ? origin : unknown;
	set->module = set->once && e->nesting == 1 ? module : STR_NONE;
}

/* The value is computed before the name is known, so that {% set page = page.parent %} reads the outer one. */
static void
emit_set(struct emitter *e, struct node *n)
{
	struct origin origin;
	str module = STR_NONE;

	if (!expression_is_module(e, n->expression, &module))
		module = STR_NONE;
	emit_trace(e, n->expression);
	write_str(e, n->name);
	write_c(e, "=(");
	origin = emit_one(e, n);
	write_c(e, ");");
	if (!n->bad)
		show_set(e, n, origin, module);
}

/* It draws nothing where it stands: the text before it waits on. */
static void
emit_capture(struct emitter *e, struct node *n)
{
	str before = waiting_text(e);

	write_str(e, n->name);
	write_c(e, "=__capture(function() ");
	emit_list(e, n->children, S(""));
	write_str(e, str_format(e->c->tmp, "end,\"%s\");", kinds[e->c->options->language]));
	buf_put(&e->text, before);
	if (!n->bad)
		show_set(e, n, unknown, STR_NONE);
}

static void
emit_include(struct emitter *e, struct node *n)
{
	bool given = str_trim(compiler_slice(e->c, n->expression)).len;

	if (n->bad)
		return;
	emit_trace(e, given ? n->expression : (struct range){ n->tag.start, n->tag.end });
	write_c(e, "__include(");
	write_quoted(e, n->name);
	if (given) {
		write_c(e, ",(");
		emit_one(e, n);
		write_c(e, expression_is_table(e, n->expression) ? "),true" : ")");
	}
	write_c(e, ");");
}

/* The body is written behind the arguments, as it stands in the source, and both are handed over in the order of the contract. */
static void
emit_call(struct emitter *e, struct node *n)
{
	struct origin origin;
	uint32_t count;
	size_t at, reserved = e->most_locals;
	struct buf names;

	if (n->bad) {
		emit_list(e, n->children, S(""));
		return;
	}
	emit_trace(e, n->expression);
	write_c(e, "do ");
	at = e->lua.len;
	if (!expression_emit(e, n->call.args, EXPRESSION_LIST, &origin, &count))
		count = 0;
	reserve(e, count, n->tag);
	buf_init(&names, SIZE_MAX);
	for (uint32_t i = 0; i < count; i++)
		buf_format(&names, ",__p%u", i + 1);
	if (count)
		write_insert(e, at, str_cat(e->c->tmp, S("local "), str_slice(buf_str(&names), 1, names.len), S("=")));
	write_c(e, count ? ";" : "");
	put_macro(e, &n->call, n->attributes);
	write_c(e, n->children ? "(function() " : "(nil");
	emit_list(e, n->children, S(""));
	write_c(e, n->children ? "end" : "");
	write_str(e, buf_copy(&names, e->c->tmp));
	write_c(e, ");end;");
	buf_free(&names);
	e->most_locals = reserved <= LOCALS_MAX ? reserved : e->most_locals;
}

/* Returns whether it draws its parent's. */
static bool
emit_block_function(struct emitter *e, struct node *n)
{
	struct function f;
	bool calls_super;

	write_c(e, "function(__E,__super) ");
	function_begin(e, &f, n->children);
	e->in_block = true;
	e->calls_super = false;
	emit_list(e, n->children, S(""));
	calls_super = e->calls_super;
	function_end(e, &f);
	write_c(e, "end");
	return calls_super;
}

static void
emit_block(struct emitter *e, struct node *n)
{
	write_c(e, n->attributes ? "__blockattr(" : "__block(");
	write_quoted(e, n->name);
	write_c(e, ",");
	write_c(e, emit_block_function(e, n) ? ",true);" : ");");
}

static void
emit_plain_node(struct emitter *e, struct node *n)
{
	flush_text(e);
	switch (n->kind) {
	case NODE_FOR:
		emit_for(e, n);
		break;
	case NODE_INCLUDE:
		emit_include(e, n);
		break;
	case NODE_BLOCK:
		emit_block(e, n);
		break;
	case NODE_CALL:
		emit_call(e, n);
		break;
	case NODE_SLOT:
		write_c(e, "if __slot then __slot() end;");
		break;
	default:
		break;
	}
}

/* Returns the last node drawn. `tail` is what comes behind the list. */
static struct node *
emit_node(struct emitter *e, struct node *n, str *tail)
{
	if (n->kind == NODE_TEXT)
		return take_text(e, n);
	write_sync(e, n->tag.start);
	switch (n->kind) {
	case NODE_VALUE:
		return emit_value(e, n, tail);
	case NODE_IF:
		return emit_if_and_text(e, n, tail);
	case NODE_SET:
		emit_set(e, n);
		break;
	case NODE_CAPTURE:
		emit_capture(e, n);
		break;
	default:
		emit_plain_node(e, n);
	}
	return n;
}

static void
emit_list(struct emitter *e, struct node *list, str tail)
{
	e->nesting++;
	for (struct node *n = list; n; n = n->next)
		n = emit_node(e, n, &tail);
	e->nesting--;
	buf_put(&e->text, tail);
	flush_text(e);
}

/* --- the chunk --- */

static void
put_prologue(struct emitter *e)
{
	static const char *const members[] = {
		"lit", "text", "attr", "url", "urlpath", "urlpart", "srcset", "json", "xml", "css", "ics", "csv", "plain", "block", "blockattr",
		"include", "put", "imports", "attrimports", "needsattr", "isattr", "macro", "capture", "iter", "tag",
	};
	size_t n = sizeof members / sizeof *members;

	write_c(e, "local __R=...;local ");
	for (size_t i = 0; i < n; i++) {
		write_c(e, i ? ",__" : "__");
		write_c(e, members[i]);
	}
	for (size_t i = 0; i < n; i++) {
		write_c(e, i ? ",__R." : "=__R.");
		write_c(e, members[i]);
	}
	for (const char *const *f = fixed_functions; *f; f++) {
		write_c(e, ";local __of_");
		write_c(e, *f);
		write_c(e, "=__R.of_");
		write_c(e, *f);
	}
	write_c(e, ";local __of_module=__R.of_module;local __E=__R.globals;local __B,__M,__A,__S={},{},{},{};local __main;");
}

static void
emit_macro(struct emitter *e, struct node *n)
{
	struct function f;

	write_sync(e, n->tag.start);
	write_str(e, str_format(e->c->tmp, "__M.%.*s=function(__slot", STR_ARG(n->name)));
	for (size_t i = 0; i < n->names.len; i++) {
		write_c(e, ",");
		write_str(e, n->names.ptr[i]);
	}
	write_c(e, ") ");
	function_begin(e, &f, n->children);
	e->in_block = false;
	reserve(e, n->names.len, n->tag);
	for (size_t i = 0; i < n->names.len; i++) {
		check_name(e, n->names.ptr[i], n->tag);
		names_push(e, n->names.ptr[i], unknown);
	}
	emit_list(e, n->children, S(""));
	function_end(e, &f);
	write_c(e, "end;");
	if (n->attributes)
		write_str(e, str_format(e->c->tmp, "__A[__M.%.*s]=true;", STR_ARG(n->name)));
}

static void
emit_top_block(struct emitter *e, struct node *n)
{
	write_sync(e, n->tag.start);
	write_str(e, str_format(e->c->tmp, "__B.%.*s=", STR_ARG(n->name)));
	if (emit_block_function(e, n))
		write_str(e, str_format(e->c->tmp, ";__S[__B.%.*s]=true", STR_ARG(n->name)));
	write_c(e, ";");
	if (n->attributes)
		write_str(e, str_format(e->c->tmp, "__A[__B.%.*s]=true;", STR_ARG(n->name)));
}

static void
emit_main(struct emitter *e)
{
	struct function f;

	write_c(e, "__main=function(__E) ");
	function_begin(e, &f, e->c->tree.top);
	emit_list(e, e->c->tree.top, S(""));
	function_end(e, &f);
	write_c(e, "end;");
}

/* Macros and top blocks in the order of the source: lines only go forward. */
static void
emit_extending(struct emitter *e)
{
	size_t i = 0;

	for (struct node *n = e->c->tree.top; n; n = n->next) {
		for (; i < e->c->tree.macros.len && e->c->tree.macros.ptr[i]->tag.start < n->tag.start; i++)
			emit_macro(e, e->c->tree.macros.ptr[i]);
		if (n->kind == NODE_BLOCK && !n->bad)
			emit_top_block(e, n);
	}
	for (; i < e->c->tree.macros.len; i++)
		emit_macro(e, e->c->tree.macros.ptr[i]);
}

static void
emit_plain(struct emitter *e)
{
	for (size_t i = 0; i < e->c->tree.macros.len; i++)
		emit_macro(e, e->c->tree.macros.ptr[i]);
	emit_main(e);
}

void
emit_chunk(struct compiler *c, struct template *t)
{
	struct emitter e = { .c = c, .line = 1, .source_line = 1 };

	buf_init(&e.lua, SIZE_MAX);
	buf_init(&e.text, SIZE_MAX);
	put_prologue(&e);
	if (c->tree.extends.len)
		emit_extending(&e);
	else
		emit_plain(&e);
	write_c(&e, "return {main=__main,blocks=__B,macros=__M,attributs=__A,supers=__S");
	if (c->tree.extends.len) {
		write_c(&e, ",extends=");
		write_quoted(&e, c->tree.extends);
	}
	write_str(&e, str_format(c->tmp, ",language=\"%s\"}", kinds[c->options->language]));
	t->lua = buf_copy(&e.lua, c->out);
	buf_free(&e.lua);
	buf_free(&e.text);
	t->tags = e.tags.ptr;
	t->n_tags = (uint32_t)e.tags.len;
	t->accesses = e.accesses.ptr;
	t->n_accesses = (uint32_t)e.accesses.len;
	t->members = e.members.ptr;
	t->n_members = (uint32_t)e.members.len;
}
