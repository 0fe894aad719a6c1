// SPDX-License-Identifier: GPL-2.0-only
/* Completion for bash, printed from the tables of commands and options. */
#include <stdio.h>

#include "commands.h"
#include "options.h"
#include "usage.h"

static void print_option(FILE *out, const struct option *o)
{
	fprintf(out, " --%s", o->name);
	if (o->letter)
		fprintf(out, " -%c", o->letter);
}

/* The options that may follow a command, as one pattern of a case. */
static void print_command(FILE *out, const struct command *c)
{
	option_set known = c->need | c->allow | c->opened;

	fprintf(out, "\t--%s", c->name);
	if (c->letter)
		fprintf(out, " | -%c", c->letter);
	if (c->letter2)
		fprintf(out, " | -%c", c->letter2);
	fputs(") words='", out);
	for (unsigned int i = 0; i < nr_options; i++)
		if (known & UINT64_C(1) << options[i].id ||
		    (options[i].id == O_IPV6 && known & SET(SERVICE)))
			print_option(out, &options[i]);
	fputs("' ;;\n", out);
}

/* What an argument can be, as words or as a command that prints them. */
static const struct {
	enum option_name id;
	const char *words;
} values[] = {
	{ O_SERVICE,	"$(_ipvsadm_services \"$2\")" },
	{ O_SERVER,	"$(_ipvsadm_servers)" },
	{ O_SCHEDULER,	"rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh twos none" },
	{ O_SCHED_FLAGS, "sh-fallback sh-port mh-fallback mh-port flag-1 flag-2 flag-3" },
	{ O_PE,		"sip" },
	{ O_TUN_TYPE,	"ipip gue gre" },
	{ O_MCAST_INTERFACE, "$(cd /sys/class/net && echo *)" },
	{ O_STATE,	"NONE ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT TIME_WAIT CLOSE CLOSE_WAIT "
			"LAST_ACK LISTEN SYNACK UDP" },
};

static const char *words_of(enum option_name id)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (values[i].id == id)
			return values[i].words;
	return "";
}

static void print_values(FILE *out, const struct option *o)
{
	if (o->arg != ARG_NEEDED)
		return;
	fprintf(out, "\t--%s", o->name);
	if (o->letter)
		fprintf(out, " | -%c", o->letter);
	fprintf(out, ") words=\"%s\" ;;\n", words_of(o->id));
}

static void print_commands(FILE *out)
{
	for (unsigned int i = 0; i < nr_commands && commands[i].help; i++) {
		fprintf(out, " --%s", commands[i].name);
		if (commands[i].letter)
			fprintf(out, " -%c", commands[i].letter);
	}
}

static const char head[] =
"# SPDX-License-Identifier: GPL-2.0-only\n"
"# bash completion for ipvsadm; made from its tables of options\n"
"\n"
"# Services that there are, for the option $1.\n"
"_ipvsadm_services()\n"
"{\n"
"	ipvsadm -S -n 2>/dev/null | while read -r command option service _; do\n"
"		[ \"$command\" = -A ] || continue\n"
"		case $1 in\n"
"		-t | --tcp-service) [ \"$option\" = -t ] ;;\n"
"		-u | --udp-service) [ \"$option\" = -u ] ;;\n"
"		-f | --fwmark-service) [ \"$option\" = -f ] ;;\n"
"		*) [ \"$option\" = \"$1\" ] ;;\n"
"		esac && echo \"$service\"\n"
"	done\n"
"}\n"
"\n"
"# Real servers of any service.\n"
"_ipvsadm_servers()\n"
"{\n"
"	ipvsadm -S -n 2>/dev/null | sed -n 's/^-a .* -r \\([^ ]*\\) .*/\\1/p' | sort -u\n"
"}\n"
"\n"
"# What an argument of the option $2 can be. Fails if it takes none.\n"
"_ipvsadm_values()\n"
"{\n"
"	local words\n"
"	case $2 in\n";

static const char middle[] =
"	--start-daemon | --stop-daemon) words='master backup' ;;\n"
"	--apply) return 2 ;;\n"
"	*) return 1 ;;\n"
"	esac\n"
"	echo \"$words\"\n"
"}\n"
"\n"
"# The options that may follow the command $1.\n"
"_ipvsadm_options()\n"
"{\n"
"	local words\n"
"	case $1 in\n";

static const char function[] =
"	*) words= ;;\n"
"	esac\n"
"	echo \"$words\"\n"
"}\n"
"\n"
"_ipvsadm()\n"
"{\n"
"	local line=${COMP_LINE:0:COMP_POINT} words=() word values status\n"
"	# readline cuts words at colons, which addresses are full of\n"
"	read -ra words <<< \"$line\"\n"
"	[[ $line != *[[:blank:]] ]] || words+=('')\n"
"	word=${words[-1]}\n"
"	COMPREPLY=()\n"
"	values=$(_ipvsadm_values \"$word\" \"${words[-2]}\")\n"
"	status=$?\n"
"	if [ \"${#words[@]}\" -le 2 ]; then\n"
"		values='";

static const char tail[] =
"'\n"
"	elif [ $status = 2 ]; then\n"
"		mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
"		return\n"
"	elif [ $status = 1 ]; then\n"
"		values=$(_ipvsadm_options \"${words[1]}\")\n"
"	fi\n"
"	mapfile -t COMPREPLY < <(compgen -W \"$values\" -- \"$word\")\n"
"	# only what stands behind the last colon is replaced\n"
"	[[ $word != *:* || $COMP_WORDBREAKS != *:* ]] ||\n"
"		COMPREPLY=(\"${COMPREPLY[@]#\"${word%\"${word##*:}\"}\"}\")\n"
"}\n"
"complete -F _ipvsadm ipvsadm\n";

void print_completion(FILE *out)
{
	fputs(head, out);
	for (unsigned int i = 0; i < nr_options; i++)
		print_values(out, &options[i]);
	fputs(middle, out);
	for (unsigned int i = 0; i < nr_commands && commands[i].help; i++)
		print_command(out, &commands[i]);
	fputs(function, out);
	print_commands(out);
	fputs(tail, out);
}
