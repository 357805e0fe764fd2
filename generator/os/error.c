#include <errno.h>
#include <string.h>

#include "os/os.h"

/* Diagnostics keep their arguments in one language; the name of the error says it in any. */
static const struct words { os_error e; const char *name, *text; } words[] = {
	{ EACCES, "EACCES", "permission refusée" },
	{ EPERM, "EPERM", "opération non permise" },
	{ ENOENT, "ENOENT", "fichier ou dossier absent" },
	{ EEXIST, "EEXIST", "le nom est déjà pris" },
	{ ENOTDIR, "ENOTDIR", "ce n'est pas un dossier" },
	{ EISDIR, "EISDIR", "c'est un dossier" },
	{ ENOTEMPTY, "ENOTEMPTY", "le dossier n'est pas vide" },
	{ ENOSPC, "ENOSPC", "le disque est plein" },
	{ EDQUOT, "EDQUOT", "le quota de disque est atteint" },
	{ EFBIG, "EFBIG", "le fichier est trop grand" },
	{ EROFS, "EROFS", "le disque est en lecture seule" },
	{ EIO, "EIO", "erreur d'entrée-sortie du disque" },
	{ ELOOP, "ELOOP", "lien symbolique refusé" },
	{ ENAMETOOLONG, "ENAMETOOLONG", "nom trop long" },
	{ EMFILE, "EMFILE", "trop de fichiers ouverts" },
	{ ENFILE, "ENFILE", "trop de fichiers ouverts sur la machine" },
	{ ENOMEM, "ENOMEM", "mémoire insuffisante" },
	{ EXDEV, "EXDEV", "les deux noms sont sur des disques différents" },
	{ EBUSY, "EBUSY", "occupé : c'est peut-être un point de montage" },
	{ ETXTBSY, "ETXTBSY", "le fichier est en cours d'exécution" },
	{ EINVAL, "EINVAL", "non pris en charge ici" },
	{ ENOSYS, "ENOSYS", "non pris en charge par ce système" },
	{ ENOTSUP, "ENOTSUP", "non pris en charge" },
	{ EWOULDBLOCK, "EWOULDBLOCK", "occupé par un autre processus" },
	{ ESTALE, "ESTALE", "le disque réseau a perdu le fichier" },
	{ ETIMEDOUT, "ETIMEDOUT", "délai dépassé" },
	{ EPIPE, "EPIPE", "le lecteur a fermé" },
	{ EMLINK, "EMLINK", "trop de liens" },
};

str
os_error_text(os_error e, struct arena *out)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].e == e)
			return str_format(out, "%s (%s)", words[i].text, words[i].name);
	return str_format(out, "erreur %d (%s)", e, strerror(e));
}
