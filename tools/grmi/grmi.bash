# tools/grmi/grmi.bash: completion for bash: commands, options, names
# SPDX-License-Identifier: LGPL-2.1-or-later

_grmi ()
{
  local word=${COMP_WORDS[COMP_CWORD]} command= n_arguments=0 i

  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      -r | -t | --registry | --timeout) ((i++)) ;;
      -*) ;;
      *) if [[ -z $command ]]; then command=${COMP_WORDS[i]}; else ((n_arguments++)); fi ;;
    esac
  done
  if [[ $word == -* && $n_arguments -eq 0 ]]; then
    COMPREPLY=($(compgen -W '--registry --json --timeout --help --version --long --xml' -- "$word"))
  elif [[ -z $command ]]; then
    COMPREPLY=($(compgen -W 'list introspect call get set monitor' -- "$word"))
  elif [[ $n_arguments -eq 0 || $command == monitor ]]; then
    COMPREPLY=($(compgen -W "$(grmi --timeout 1 list "$word" 2>/dev/null)" -- "$word"))
  fi
}

complete -F _grmi grmi
