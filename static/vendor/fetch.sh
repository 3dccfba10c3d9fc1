#!/bin/sh
# Fetch the vendored files anew with npm and write CHECKSUMS.sha256.
# Run by hand when a version changes; the application itself never needs Node.
# The static Inter weights are cut from its variable font with fontTools (a dependency of WeasyPrint).
set -eu

# Fixed, so that the cut fonts come out byte-identical each time.
export SOURCE_DATE_EPOCH=1700000000

CSS=1.22.0
THEME=1.15.0
INTER=5.3.0
INTER_UI=4.1.1
AKSEL=8.16.2
AXE=4.14.1

CSS_PARTS="base heading paragraph label list link button tag card chip table field input fieldset
validation-message error-summary search breadcrumbs details toggle-group skip-link skeleton spinner divider"

ICONS="ArrowRight ArrowUndo BarChart Bell Book Buildings3 Calendar Checkmark CheckmarkCircle CheckmarkCircleFill
CheckmarkHeavy ChevronDown ChevronLeft ChevronRight ChevronUp Circle Clock Cog DocPencil Download Enter
EnvelopeClosed ExclamationmarkTriangle Eye File FileCheckmark FilePdf FileText Files Folder Gavel Hospital Hourglass
House Inbox InformationSquare KeyVertical Leave Link MagnifyingGlass MenuElipsisHorizontal MenuHamburger Mobile
PadlockLocked Paperclip Pencil Person PersonCheckmark PersonGroup PersonPlus Plus QuestionmarkDiamond ShieldCheckmark
Tasklist Timer Trash Upload XMark XMarkOctagon"

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-$root/.venv/bin/python}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent \
  "@digdir/designsystemet-css@$CSS" "@digdir/designsystemet@$THEME" \
  "@fontsource-variable/inter@$INTER" "inter-ui@$INTER_UI" "@navikt/aksel-icons@$AKSEL" "axe-core@$AXE"
modules=$work/node_modules

rm -rf "$here"/designsystemet-css-*/ "$here"/designsystemet-theme-*/ "$here"/inter-*/ "$here"/aksel-icons-*/

# Designsystemet: only the components we use, in the layers its own index.css gives them.
out=$here/designsystemet-css-$CSS
mkdir -p "$out"
cp "$modules/@digdir/designsystemet-css/LICENSE" "$out/"
{
  echo "@layer ds.theme, ds.base, ds.components;"
  for part in $CSS_PARTS; do
    layer=ds.components
    [ "$part" = base ] && layer=ds.base
    printf '@layer %s{' "$layer"
    cat "$modules/@digdir/designsystemet-css/dist/src/$part.css"
    echo "}"
  done
} >"$out/designsystemet.css"

# Our theme, generated from the seeds in theme.config.json.
out=$here/designsystemet-theme-$THEME
mkdir -p "$out"
cp "$modules/@digdir/designsystemet-css/LICENSE" "$out/"
cp "$here/theme.config.json" "$work/designsystemet.config.json"
npx designsystemet tokens create --config designsystemet.config.json >/dev/null
npx designsystemet tokens build -t design-tokens -o built >/dev/null
cp built/palmappen.css "$out/"

out=$here/inter-$INTER
mkdir -p "$out"
cp "$modules/@fontsource-variable/inter/LICENSE" "$out/"
for subset in latin latin-ext; do
  cp "$modules/@fontsource-variable/inter/files/inter-$subset-wght-normal.woff2" "$out/"
done
# For paper: three static weights, cut to Latin with punctuation, arrows and mathematical signs.
for weight in 400 500 650; do
  "$python" -m fontTools varLib.instancer --quiet --static \
    -o "$work/inter.woff2" "$modules/inter-ui/variable/InterVariable.woff2" "wght=$weight" "opsz=14"
  "$python" -m fontTools subset "$work/inter.woff2" --output-file="$out/inter-$weight.ttf" --flavor= \
    --unicodes=U+0020-024F,U+02B0-036F,U+1E00-1EFF,U+2000-206F,U+20A0-20BF,U+2100-22FF,U+25A0-25FF,U+2700-27BF \
    --layout-features=kern,liga,calt,ccmp,locl,mark,mkmk,tnum,case,zero
done

out=$here/aksel-icons-$AKSEL
mkdir -p "$out"
cp "$here/aksel-icons.LICENSE" "$out/LICENSE" # the package carries none
for name in $ICONS; do
  cp "$modules/@navikt/aksel-icons/dist/svg/$name.svg" "$out/"
done

# axe-core is for the browser tests only; it is never served.
out=$root/tests/e2e/vendor
mkdir -p "$out"
cp "$modules/axe-core/axe.min.js" "$out/"
cp "$modules/axe-core/LICENSE" "$out/LICENSE-axe-core"

cd "$root"
find static/vendor tests/e2e/vendor -type f ! -name CHECKSUMS.sha256 | LC_ALL=C sort | xargs sha256sum >static/vendor/CHECKSUMS.sha256
