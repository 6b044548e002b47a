/** The shells that there are scripts for. */
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const

export type Shell = (typeof shells)[number]

/** The script that makes a shell ask fjord what a word may become. */
export function completionScript(shell: Shell): string {
  return `${scripts[shell].trim()}\n`
}

const scripts: Readonly<Record<Shell, string>> = {
  bash: String.raw`
# bash completion V2 for fjord                               -*- shell-script -*-
_fjord() {
  local line found=()
  while IFS= read -r line; do
    found+=("${'$'}{line%%${'$'}'\t'*}")
  done < <(fjord __complete "${'$'}{COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=("${'$'}{found[@]}")
}
complete -o default -F _fjord fjord
`,
  zsh: String.raw`
#compdef fjord
_fjord() {
  local line
  local -a found
  for line in "${'$'}{(@f)${'$'}(fjord __complete "${'$'}{(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n ${'$'}line ]] && found+=("${'$'}{${'$'}{line%%${'$'}'\t'*}//:/\\:}:${'$'}{line#*${'$'}'\t'}")
  done
  if (( ${'$'}{#found} )); then _describe fjord found; else _files; fi
}
if [[ ${'$'}{funcstack[1]} == _fjord ]]; then _fjord; else compdef _fjord fjord; fi
`,
  fish: String.raw`
# fish completion for fjord                               -*- shell-script -*-
function __fjord_complete
    set -l before (commandline -opc)
    set -l typed (commandline -ct)
    fjord __complete $before[2..-1] "$typed" 2>/dev/null
end
complete -c fjord -a '(__fjord_complete)'
`,
  powershell: String.raw`
# powershell completion for fjord                               -*- shell-script -*-
Register-ArgumentCompleter -Native -CommandName fjord -ScriptBlock {
    param($typed, $tree, $position)
    $before = @($tree.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $position } |
        ForEach-Object { $_.ToString() })
    fjord __complete @before "$typed" 2>$null | ForEach-Object {
        $text, $help = $_ -split [char]9, 2
        if (-not $help) { $help = $text }
        [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $help)
    }
}
`,
}
