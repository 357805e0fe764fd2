#include "document/version.h"

#include <cmark-gfm.h>
#include <yaml.h>

str
document_versions(struct arena *out)
{
	return str_format(out, "cmark-gfm %s, libyaml %s", cmark_version_string(), yaml_get_version_string());
}
