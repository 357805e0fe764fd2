/* markup: where in a page a place stands: in text, in a tag, in a quoted address… A small machine over literal text.
 * What is hard is refused with its remedy rather than imitated (values in scripts, unquoted attributes, comments). */
#ifndef TEMPLATE_MARKUP_H
#define TEMPLATE_MARKUP_H

#include "template/tree.h"

enum markup_state {
	MARKUP_TEXT,
	MARKUP_OPEN,                    /* behind < */
	MARKUP_NAME,                    /* in a tag's name */
	MARKUP_TAG,                     /* in a tag, behind white space */
	MARKUP_GAP,                     /* in a tag, where white space, / or > must come */
	MARKUP_ATTRIBUTE,               /* in an attribute's name */
	MARKUP_AFTER_NAME,              /* white space behind it */
	MARKUP_EQUALS,                  /* behind = */
	MARKUP_VALUE, MARKUP_UNQUOTED,
	MARKUP_COMMENT, MARKUP_DECLARATION, MARKUP_INSTRUCTION, MARKUP_CDATA,
	MARKUP_RCDATA,                  /* title, textarea */
	MARKUP_RAW,                     /* style, script with src, iframe… */
	MARKUP_JSON,                    /* script of JSON, or a .json file */
};

enum element { ELEMENT_OTHER, ELEMENT_SCRIPT, ELEMENT_STYLE, ELEMENT_RCDATA, ELEMENT_RAW };
enum attribute { ATTRIBUTE_PLAIN, ATTRIBUTE_URL, ATTRIBUTE_SRCSET, ATTRIBUTE_CSS, ATTRIBUTE_SRCDOC, ATTRIBUTE_TYPE };

/* How far into an address; for srcset, into a candidate. */
enum address {
	ADDRESS_START, ADDRESS_MAYBE,   /* MAYBE: at the start on one branch only */
	ADDRESS_HEAD,                   /* a scheme could still arise */
	ADDRESS_PATH,
	ADDRESS_QUERY,                  /* srcset: in the descriptor */
	ADDRESS_DATA,                   /* behind data: */
};

#define MARKUP_NAME_MAX 24

struct context {
	enum markup_state state;
	enum element element;
	enum attribute attribute;
	enum address address;
	bool printed;                   /* a value stands in it, before any delimiter */
	char quote;                     /* of the attribute's value */
	bool closing, slash;            /* </x; the last character was / */
	bool in_string, escaped;        /* JSON, CSV */
	bool has_src, is_json;          /* of a script tag */
	bool excused;                   /* the element or attribute was reported */
	char name[MARKUP_NAME_MAX];     /* of tag or attribute, lower case; then the start of the value */
	uint8_t name_length;
	char tag[MARKUP_NAME_MAX];      /* of the element whose content is read */
	uint8_t tag_length;
	char attribute_name[MARKUP_NAME_MAX];   /* of the value under way, for messages */
	uint8_t attribute_length;
	uint32_t opened, name_start;    /* offsets, for messages */
};

struct markup {
	struct compiler *c;
	bool silent;                    /* a trial over a loop's body: says and keeps nothing */
	bool lost;                      /* branches disagreed: what follows from that is not said */
};

/* Where files, blocks and captures begin and end. */
struct context context_start(const struct compiler *c, bool attributes);
bool context_same(const struct context *a, const struct context *b);
/* Is output of whole elements right here? */
bool context_flows(const struct markup *m, const struct context *x);
/* Two branches meet: *a becomes their common context; false when there is none. */
bool context_join(struct context *a, const struct context *b);
/* What an author would recognise: `<a …`, `href="…`. */
str context_show(const struct markup *m, const struct context *x);

void markup_text(struct markup *m, struct context *x, struct node *text);
void markup_value(struct markup *m, struct context *x, struct node *value);
void markup_end_name(struct markup *m, struct context *x);   /* of the tag or attribute under way */
/* A tag of the template stands here: names under way end. */
void markup_boundary(struct markup *m, struct context *x, struct span at);
void markup_report(struct markup *m, enum diag_code code, struct span at, str a, str b);

#endif
