/* token: the words of Lua 5.4, over a range of a source. */
#ifndef TEMPLATE_TOKEN_H
#define TEMPLATE_TOKEN_H

#include "base/str.h"

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_KEYWORD, TOKEN_STRING, TOKEN_NUMBER, TOKEN_OPERATOR, TOKEN_ERROR };
enum token_error { TOKEN_CHARACTER, TOKEN_COMMENT, TOKEN_OPEN_STRING, TOKEN_BAD_NUMBER };

struct token {
	enum token_kind kind;
	enum token_error error;
	uint32_t start, end;
	str text;
};

struct tokens { str source; uint32_t at, end; };

void token_skip_space(struct tokens *t);
/* The next token; TOKEN_END at the end of the range. After an error the scanner stands behind what it could not read. */
struct token token_next(struct tokens *t);
struct token token_peek(const struct tokens *t);
bool token_is(const struct token *t, const char *text);   /* this keyword, operator or name */
/* The content of a string token without escapes in it; false for others. */
bool token_plain_string(const struct token *t, str *content);

#endif
