"""Words guessed first. A password is compared by its core: case-folded, without the digits and signs around."""

from typing import Final

_WORDS = """
password passwort passw0rd p@ssw0rd pa55word p@ssword passphrase mypassword newpassword oldpassword changeme
changemenow changeit letmein letmeinnow welcome welcomeback willkommen bienvenue iloveyou ilovemyself iloveme
loveyou lovely lover loveme forever qwerty qwertyu qwertyui qwertyuiop qwertz qwertzui qwertzuiop azerty azertyuiop
asdf asdfg asdfgh asdfghj asdfghjk asdfghjkl zxcvbn zxcvbnm yxcvbnm qazwsx qazwsxedc qweasd qweasdzxc wasd
admin administrator adminadmin root rootroot superuser sysadmin master masterkey default guest testing tester test
testtest testuser demo demodemo example sample temporary temp temppassword user username login logmein loginlogin
access secret topsecret mysecret private security secure student students teacher teachers school university college
campus studium study studying classroom education learning homework examination semester examen schule lehrer
schueler princess sunshine shadow dragon monkey football baseball basketball softball soccer hockey cricket
superman batman spiderman starwars pokemon pikachu minecraft fortnite roblox nintendo playstation xbox computer
internet keyboard samsung iphone android google facebook instagram youtube twitter microsoft windows apple
michael michelle jennifer jessica ashley jordan daniel thomas charlie robert matthew andrew joshua anthony william
nicole amanda hannah george justin brandon victoria alexander alexandra benjamin christian stephanie
liverpool arsenal chelsea barcelona juventus realmadrid manchester bayern germany england america london paris
berlin summer winter spring autumn monday tuesday wednesday thursday friday saturday sunday january february march
april june july august september october november december butterfly flower rainbow cookie chocolate banana
orange strawberry pepper ginger hunter ranger killer tigger tiger eagle phoenix falcon mustang ferrari porsche
mercedes corvette harley yamaha whatever nothing anything something trustno freedom liberty whiskey midnight
corona matrix hello helloworld hellohello goodbye blessed jesus jesuschrist angel angels heaven baby babygirl
hottie beautiful purple silver golden diamond crystal thunder lightning abcdef abcdefg abcdefgh abcabc abcd xxxxxx
"""
COMMON_CORES: Final = frozenset(_WORDS.split())
