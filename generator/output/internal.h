/* What the files of output/ share; for output/ only. */
#ifndef OUTPUT_INTERNAL_H
#define OUTPUT_INTERNAL_H

#include <stdatomic.h>

#include "base/hash.h"
#include "os/os.h"
#include "output/output.h"

/* A name in a tree, as the manifest remembers it. */
struct standing_entry {
	str path;
	bool dir;
	uint64_t size, hash;         /* of a file */
	uint64_t inode;
	int64_t mtime_ns;
	bool agreed;                 /* of a folder: its stat was seen to agree, by foreign_find or folders_look */
	bool touched;                /* a name in this folder came or went in this build */
	bool stays;                  /* the new tree has it too */
};

/* What a standing tree holds, by its manifest. */
struct standing {
	struct standing_entry *entries;
	size_t len;
	struct map by_path;          /* → struct standing_entry *; made by standing_index */
	uint64_t identity;           /* of the published files: names, sizes, hashes; also in the tree's mark */
	int64_t written_ns;          /* mtime of the manifest file */
};

/* manifest.c */
uint64_t manifest_identity(const struct output_file *files, size_t n);
os_error manifest_write(os_dir state, str name, const struct standing *s);
/* False when there is none, or it is torn. */
bool manifest_read(os_dir state, str name, struct arena *out, struct standing *s);
str manifest_name(uint64_t inode, struct arena *out);
void standing_index(struct standing *s, struct arena *out);  /* once; before standing_get */
struct standing_entry *standing_get(const struct standing *s, str path, bool dir);
/* Is the name still what the manifest says? Like git, a time as young as the manifest itself proves nothing. */
bool standing_agrees(const struct standing *s, const struct standing_entry *e, const struct os_stat *st);

/* For a file that is too young for that: the same stat, and bytes of that hash? Empties tmp. */
bool standing_young(os_dir tree, const struct standing_entry *e, const struct os_stat *st, struct arena *tmp);

/* The note of output_leave_note, in the folder of states. */
#define NOTE_NAME "lectures"

/* keep.c: the paths of `conserver:` */
struct keep { const str *paths; uint32_t n; };
bool keep_covers(const struct keep *k, str path);            /* is the path one of them, or in one of them? */
bool keep_lies_below(const struct keep *k, str path);        /* is one of them in this folder? */
/* Makes every kept path of `from` stand in `to` too, as hard links (copies where the disk has none); with `missing_only`, only
 * what `to` lacks. *failed is the path that could not be brought over. */
os_error keep_carry(const struct keep *k, os_dir from, os_dir to, bool missing_only, struct arena *tmp, str *failed);
os_error keep_drop(const struct keep *k, os_dir tree);       /* takes all kept paths out of a tree that is not live, with folders left empty */

/* foreign.c: names in a tree that neither the manifest nor `keep` knows, a folder as "x/"; at most FOREIGN_SHOWN, the rest counted */
#define FOREIGN_SHOWN 20
struct foreign { str names[FOREIGN_SHOWN]; size_t len; };
os_error foreign_find(os_dir tree, struct standing *s, const struct keep *k, struct arena *out, struct foreign *f);
/* stands.c: sees on all threads which folders agree, before foreign_find asks the others */
void folders_look(os_dir tree, struct standing *s, unsigned workers);
str foreign_text(const struct foreign *f, struct arena *out);

/* tree.c: writing into the tree that is not live */
#define TREE_LEVELS 32
/* Fewer names than this are looked at sooner than a thread is started. */
#define TREE_MANY ((size_t)500)

struct tree_worker {
	struct arena arena, tmp;
	VEC(struct output_file) files;
	VEC(struct output_meta) bad; /* paths no server could give, in `url` */
	os_error error;              /* the first one, at … */
	str error_path;
	bool source_changed;         /* the error is that error_path was written to by somebody while being copied */
	/* The chain of open folders of the last file. */
	char dir[1024];
	struct { size_t end; os_dir dir; } levels[TREE_LEVELS];
	unsigned n_levels;
};

struct tree {
	os_dir root;                 /* -1: dry */
	struct standing before;      /* what it held when opened; empty for a new one */
	os_dir live;
	const struct standing *live_before;      /* what the live tree holds; NULL: not known */
	struct tree_worker *workers;
	unsigned n_workers;
	atomic_bool stopped;
};

bool tree_path_valid(str path);
void tree_add(struct tree *t, unsigned worker, const struct output_file *file, str bytes, const struct output_source *source);
bool tree_take(struct tree *t, unsigned worker, const struct output_file *file);    /* output_take */
void tree_close_dirs(struct tree_worker *w);
/* Takes away what `now` no longer holds. */
os_error tree_remove_others(struct tree *t, const struct standing *now, struct arena *tmp, str *failed);
/* Puts the present stat of each folder into `now`. A folder in which no name came or went is what it was. */
os_error tree_remember_dirs(struct tree *t, struct standing *now, const struct keep *keep, str *failed);

bool output_read_keep(struct output *o, struct diag *diag);  /* output.c: o->keep from the options */

struct output {
	struct output_options o;
	struct arena *out;
	struct tree tree;
	struct keep keep;
	VEC(struct output_file) files;   /* by output_collect */
	bool collected, collected_well;
	size_t n_collected;          /* files added when it was */
	str shown, shown_previous, shown_state;      /* the output folder, as given, and what stands beside it */
	str parent, live, previous, retired, state;   /* full paths */
	os_dir state_dir, live_dir;  /* -1: not open */
	int lock;
	bool has_live;
	struct standing live_before;
	bool live_unknown;           /* ours by its mark, but its manifest is lost */
	uint64_t tree_inode;
};

bool publish_knows_state(str name, str ours, str other);    /* publish.c: a name in .public.etat, with the manifests of both trees */

/* place.c */
bool place_find(struct output *o, struct diag *diag);        /* resolves and judges the output path */
bool place_lock(struct output *o, struct diag *diag);
bool place_recover(struct output *o, struct diag *diag);     /* after a two-step publication that was killed */
bool place_revisit(struct output *o);                        /* locks and opens the live tree when nothing speaks against it; silent */
bool place_open_live(struct output *o, struct diag *diag);
bool place_open_tree(struct output *o, struct diag *diag);
/* Reports OUTPUT_FAILED and gives false. */
bool place_failed(struct output *o, struct diag *diag, str path, os_error e);
/* Are there foreign names in the live tree? Says so and gives false. */
bool place_check_live(struct output *o, struct diag *diag);
/* For a live tree of ours whose manifest is lost: the new manifest must know every name in it. */
bool place_check_unknown(struct output *o, struct standing *now, struct diag *diag);

#endif
