/* The build record: when the site will next change, for a scheduler; and what was built with what. */
#include "base/buf.h"
#include "os/os.h"
#include "output/output.h"

static void
put_key(struct buf *b, const char *key)
{
	buf_format(b, "%s  \"%s\": ", b->len > 1 ? ",\n" : "\n", key);
}

static void
put_text(struct buf *b, const char *key, str value)
{
	put_key(b, key);
	if (value.len)
		buf_json_string(b, value);
	else
		buf_put_c(b, "null");
}

static void
put_number(struct buf *b, const char *key, uint64_t value)
{
	put_key(b, key);
	buf_int(b, (int64_t)value);
}

static void
put_day(struct buf *b, const char *key, day d, struct arena *tmp)
{
	put_text(b, key, d == DAY_NONE ? STR_NONE : date_iso(tmp, d));
}

static void
put_record(struct buf *b, const struct output_record *r, struct arena *tmp)
{
	buf_byte(b, '{');
	put_day(b, "date", r->date, tmp);
	put_day(b, "prochain_changement", r->next_change, tmp);
	put_text(b, "prochain_changement_cause", r->next_change == DAY_NONE ? STR_NONE : r->next_change_why);
	put_text(b, "url", r->base_url);
	put_key(b, "en_ligne");
	buf_put_c(b, r->online ? "true" : "false");
	put_number(b, "fiches", r->n_items);
	put_number(b, "pages", r->n_pages);
	put_number(b, "fichiers", r->n_files);
	put_number(b, "octets", r->bytes);
	put_number(b, "retirees", r->n_left_out);
	put_text(b, "version", r->version);
	put_text(b, "bibliotheques", r->libraries);
	buf_put_c(b, "\n}\n");
}

bool
output_write_record(str site_dir, const struct output_record *r, struct arena *tmp, struct diag *diag)
{
	str folder = str_cat(tmp, site_dir, S("/.vitrine")), file = str_cat(tmp, folder, S("/record.json"));
	struct buf b;
	os_error e;

	buf_init(&b, (size_t)1 << 20);
	put_record(&b, r, tmp);
	e = os_make_dirs(folder);
	if (!e)
		e = os_replace(file, buf_str(&b));
	buf_free(&b);
	if (e)
		diag_add(diag, OUTPUT_FAILED, SPAN_NONE, file, os_error_text(e, tmp));
	return !e;
}
